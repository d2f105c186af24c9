from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    verbose_name = "Have your say"

    def ready(self) -> None:
        """Rights are registered before Wagtail asks for them."""
        from feedback import gaps, permissions

        permissions.register()
        gaps.listen()
        self._follow_services()

    @staticmethod
    def _follow_services() -> None:
        from feedback.following import follow_merge
        from services.signals import services_merged

        services_merged.connect(follow_merge, dispatch_uid="comments follow a merge")
