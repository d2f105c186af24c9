"""What staff put first for certain words."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, Site

from search.words import stems

MOST_PHRASES = 40
LONGEST_PHRASE = 80


class BestBet(models.Model):
    """For these words, this page or service stands above everything else that is found."""

    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="best_bets")
    phrases = models.TextField(
        "words that families use",
        help_text=(
            "One word or phrase a line. A search matches when these are its words, in any order; "
            "small words such as “for” and “my” do not count."
        ),
    )
    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    service = models.ForeignKey(
        "services.Service", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    words = models.CharField(
        "what to say of it", max_length=200, blank=True, help_text="Empty: its own summary."
    )
    active = models.BooleanField("in use", default=True)

    panels = [
        FieldPanel("authority"),
        FieldPanel(
            "phrases",
            help_text=f"{phrases.help_text} For the same words two at most are shown, the older one first.",
        ),
        FieldPanel("page"),
        FieldPanel("service"),
        FieldPanel("words"),
        FieldPanel("active"),
    ]

    class Meta:
        ordering = ["phrases", "pk"]
        verbose_name = "best bet"

    def __str__(self) -> str:
        return ", ".join(self.phrase_list)[:120] or "Empty best bet"

    @property
    def phrase_list(self) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in self.phrases.splitlines() if line.strip()))

    @property
    def leads_to(self) -> str:
        """The title of the page or the name of the service, and whether families see it."""
        to = self.page or self.service
        return f"{to}" if to and to.live else f"{to or ''} (not published, so not shown)".strip()

    def clean(self) -> None:
        """One thing to lead to, and words that a search can hold."""
        super().clean()
        if bool(self.page_id) == bool(self.service_id):
            raise ValidationError("Choose a page or a service: one of the two.")
        phrases = self.phrase_list
        if not phrases:
            raise ValidationError({"phrases": "Give at least one word or phrase."})
        if len(phrases) > MOST_PHRASES:
            raise ValidationError({"phrases": f"Give {MOST_PHRASES} words or phrases at most."})
        for phrase in phrases:
            if len(phrase) > LONGEST_PHRASE:
                raise ValidationError({"phrases": f"“{phrase[:40]}…” is too long for a phrase."})
            if not stems(phrase):
                raise ValidationError({"phrases": f"“{phrase}” has no words."})
        self.phrases = "\n".join(phrases)
        self._refuse_one_too_many()

    def _refuse_one_too_many(self) -> None:
        """What would never be shown beside those that are there, or be shown twice."""
        from search.best_bets import MOST_SHOWN, telling

        if not self.active:
            return
        others = BestBet.objects.filter(authority=self.authority_id, active=True).exclude(pk=self.pk)
        asked = {telling(phrase): phrase for phrase in self.phrase_list}
        held: dict[str, list[BestBet]] = {}
        for bet in others.select_related("page", "service").order_by("pk"):
            for words in {telling(phrase) for phrase in bet.phrase_list} & asked.keys():
                held.setdefault(asked[words], []).append(bet)
        for phrase, bets in held.items():
            if any((bet.page_id, bet.service_id) == (self.page_id, self.service_id) for bet in bets):
                raise ValidationError({"phrases": f"“{phrase}” leads there already, by another best bet."})
            if len(bets) >= MOST_SHOWN:
                shown = " and ".join(f"“{bet.page or bet.service}”" for bet in bets[:MOST_SHOWN])
                raise ValidationError(
                    {"phrases": f"For “{phrase}” {shown} are shown already. Change one of those best bets."}
                )
