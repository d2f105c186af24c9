"""Words that should find each other, taught by staff."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel

from search.words import stems

MOST_TERMS = 30
LONGEST_TERM = 80


class SynonymGroup(models.Model):
    """Words and phrases that mean the same to families: "salt", "speech therapy", "help with talking"."""

    key = models.SlugField(max_length=60, unique=True, null=True, blank=True, editable=False)
    terms = models.TextField(
        "words that mean the same",
        help_text="One word or phrase a line. Add misspellings too. A search for one finds all of them.",
    )
    active = models.BooleanField("in use", default=True)

    panels = [FieldPanel("terms"), FieldPanel("active")]

    class Meta:
        ordering = ["terms", "pk"]
        verbose_name = "group of synonyms"
        verbose_name_plural = "synonyms"

    def __str__(self) -> str:
        return ", ".join(self.term_list)[:120] or "Empty group"

    @property
    def term_list(self) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in self.terms.splitlines() if line.strip()))

    def clean(self) -> None:
        """Two terms at least that search takes for two; bounded, because every search pays for them."""
        super().clean()
        if not self.terms:
            return  # The field says so itself.
        terms = self.term_list
        if len(terms) < 2:
            raise ValidationError({"terms": "Give at least two words or phrases, one a line."})
        strange = [term for term in terms if "<" in term or ">" in term or not stems(term)]
        if strange:
            raise ValidationError(
                {"terms": f"“{strange[0][:40]}” cannot be searched for. Use words only, without signs."}
            )
        if len(terms) > MOST_TERMS:
            raise ValidationError({"terms": f"Give {MOST_TERMS} words or phrases at most."})
        too_long = [term for term in terms if len(term) > LONGEST_TERM]
        if too_long:
            raise ValidationError({"terms": f"“{too_long[0][:40]}…” is too long for a word or phrase."})
        if len({tuple(stems(term)) for term in terms}) < 2:
            same = f"“{terms[0]}” and “{terms[1]}” are one word to search already."
            raise ValidationError(
                {"terms": f"{same} Capitals and endings do not matter. Add a different word."}
            )
        self.terms = "\n".join(terms)
