from django.apps import AppConfig
from django.core import checks

# The apps of this house; everything else is a library's.
OURS = ("localoffer", "services", "search", "feedback")


class LocalOfferConfig(AppConfig):
    name = "localoffer"
    label = "localoffer"
    verbose_name = "Local Offer"

    def ready(self) -> None:
        from localoffer import admin_permissions, after_answer, coproduction, postgresql, versions
        from localoffer.checks import check_sections, check_stored_requirements
        from localoffer.personal_data import check_declared

        checks.register(check_sections)
        checks.register(check_stored_requirements, checks.Tags.database)
        checks.register(check_declared)
        admin_permissions.register()
        after_answer.listen()
        postgresql.listen()
        versions.listen()
        coproduction.listen()
