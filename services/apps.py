from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"
    label = "services"
    verbose_name = "Services"

    def ready(self) -> None:
        """Register the checks, and forget remembered labels whenever a term changes."""
        from django.db.models.signals import post_delete, post_save

        from services import checks, school_terms, vocabulary  # noqa: F401  # importing registers the checks

        for model in ("Need", "Category", "VocabularyTerm"):
            for signal in (post_save, post_delete):
                signal.connect(
                    vocabulary.forget,
                    sender=self.get_model(model),
                    dispatch_uid=f"forget {model}",
                )
        for signal in (post_save, post_delete):
            signal.connect(
                school_terms.forget, sender=self.get_model("SchoolTerm"), dispatch_uid="forget terms"
            )
