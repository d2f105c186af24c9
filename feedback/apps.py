from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    verbose_name = "Have your say"

    def ready(self) -> None:
        """Rights are registered before Wagtail asks for them."""
        from feedback import permissions

        permissions.register()
