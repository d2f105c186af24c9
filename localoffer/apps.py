from django.apps import AppConfig


class LocalOfferConfig(AppConfig):
    name = "localoffer"
    label = "localoffer"
    verbose_name = "Local Offer"

    def ready(self) -> None:
        """Listen for what changes the frame, in commands as well as in requests."""
        from localoffer import frame  # noqa: F401  (imported for its receivers)
