from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = "Finding help"

    def ready(self) -> None:
        """Register the checks and listen for changes."""
        from wagtail.permissions import register_permission_policy

        from localoffer.belonging import ApartPolicy, SharedPolicy
        from search import checks, signals

        bets, words = self.get_model("BestBet"), self.get_model("SynonymGroup")
        register_permission_policy(bets, ApartPolicy(bets))
        register_permission_policy(words, SharedPolicy(words))
        checks.register()
        signals.listen()
