from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"
    label = "services"
    verbose_name = "Services"

    def ready(self) -> None:
        """Register the checks, and watch what other things are read from: parts, and terms."""
        from django.db.models.signals import post_delete, post_save

        from services import checks, freshness, school_terms, vocabulary  # noqa: F401  # importing registers
        from services.review_links import follow_merge
        from services.signals import services_merged

        freshness.listen()
        services_merged.connect(follow_merge, dispatch_uid="reviews follow a merge")

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
