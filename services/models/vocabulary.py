"""Local vocabulary as rows: a stable key, a label that staff may edit, retired and never deleted."""

from django.db import models

from services.enums import SectionKey, TermKind


class Term(models.Model):
    """What every vocabulary row has. `key` never changes once published."""

    key = models.SlugField(max_length=60)
    label = models.CharField(max_length=120, help_text="The words families see.")
    hint = models.CharField(max_length=250, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False, help_text="Kept for old entries, not offered.")

    class Meta:
        abstract = True
        ordering = ["order", "label", "pk"]

    def __str__(self) -> str:
        return self.label


class BroadArea(models.TextChoices):
    """The four broad areas of need, and what fits none."""

    COMMUNICATION = "CI", "Communication and interaction"
    COGNITION = "CL", "Learning and thinking"
    EMOTIONAL = "SEMH", "Feelings, behaviour and mental health"
    SENSORY_PHYSICAL = "SP", "Senses and body"
    OTHER = "other", "Other or not sure"


class Need(Term):
    """A DfE type of need (SEN2 codes), for example key `ASD`."""

    dfe_label = models.CharField(max_length=120, blank=True)
    area = models.CharField(max_length=8, choices=BroadArea.choices, default=BroadArea.OTHER)

    class Meta(Term.Meta):
        constraints = [models.UniqueConstraint(fields=["key"], name="need_key")]


class Category(Term):
    """A kind of help, for example `short_breaks`, listed under one section."""

    section = models.CharField(max_length=20, choices=SectionKey.choices)

    class Meta(Term.Meta):
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["key"], name="category_key")]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(key, label) of each kind in use, remembered: the offer's content links by these."""
        from services.vocabulary import labels

        return list(labels("category").items())


class VocabularyTerm(Term):
    """A word of one of the small vocabularies (`TermKind`)."""

    kind = models.CharField(max_length=20, choices=TermKind.choices)

    class Meta(Term.Meta):
        ordering = ["kind", "order", "label", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="term_kind_key")]
