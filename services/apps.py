from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"
    label = "services"
    verbose_name = "Services"

    def ready(self) -> None:
        """Register the checks, and watch what other things are read from: parts, and terms."""
        from services import checks, freshness  # noqa: F401  # importing registers
        from services.review_links import follow_merge
        from services.signals import services_merged

        freshness.listen()
        services_merged.connect(follow_merge, dispatch_uid="reviews follow a merge")
