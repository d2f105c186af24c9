from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = "Finding help"

    def ready(self) -> None:
        """Register the checks and listen for changes."""
        from search import checks, signals

        checks.register()
        signals.listen()
