"""Pages by which an authority gives account, and who may read each."""

import secrets
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction

from localoffer.accountability_blocks import (
    IndicatorsBlock,
    NeighboursBlock,
    authority_choices,
    region_choices,
)
from localoffer.models.pages import Crumbs
from localoffer.models.site_settings import CouncilSettings
from localoffer.reading_panels import PlainLanguagePanel


class Visibility(models.TextChoices):
    """Who reads a page. Councillors have no account: they are sent a link that expires."""

    PUBLIC = "public", "Everybody"
    COUNCILLORS = "councillors", "Councillors, by a link that you share, and staff"
    STAFF = "staff", "Staff who sign in"


def new_share_key() -> str:
    return secrets.token_urlsafe(12)


class AccountPage(Crumbs, Page):
    """A page with its own readers.

    What is not for everybody is kept back by Wagtail's own restriction, so that no menu, list, search,
    feed, print or older version shows it. Changing `share_key` ends every link that was shared.
    """

    visibility = models.CharField(max_length=12, choices=Visibility.choices, default=Visibility.STAFF)
    share_key = models.CharField(max_length=24, default=new_share_key, editable=False)

    class Meta:
        abstract = True

    @property
    def council_name(self) -> str:
        """The authority whose page this is, in words."""
        site = self.get_site()
        return CouncilSettings.for_site(site).council_name if site else "This council"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Keeps the restriction as the words that are live say; a draft changes nobody's rights."""
        kept = super().save(*args, **kwargs)
        written = kwargs.get("update_fields")
        if self.live and (written is None or "visibility" in written):
            self.keep_restriction()
        return kept

    def keep_restriction(self) -> None:
        own = PageViewRestriction.objects.filter(page_id=self.pk)
        if self.visibility == Visibility.PUBLIC:
            own.delete()
        elif not own.exists():
            PageViewRestriction.objects.create(page_id=self.pk, restriction_type=PageViewRestriction.LOGIN)


class ScorecardPage(AccountPage):
    """Indicators under three heads, beside England, the region and chosen neighbours."""

    introduction = models.TextField(help_text="Two or three short sentences.")
    own_area = models.CharField(
        "our authority in the statistics",
        max_length=9,
        blank=True,
        choices=authority_choices,
        help_text="Brings our own figures. Empty: only the figures typed below are shown.",
    )
    region = models.CharField(max_length=9, blank=True, choices=region_choices)
    neighbours = StreamField(NeighboursBlock(max_num=3), blank=True)
    indicators = StreamField(IndicatorsBlock(), blank=True)
    figures_note = models.TextField(
        blank=True, help_text="What a reader must know of all the figures, such as where they come from."
    )

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("introduction"),
        FieldPanel("figures_note"),
        FieldRowPanel([FieldPanel("own_area"), FieldPanel("region")]),
        FieldPanel("neighbours"),
        FieldPanel("indicators"),
        FieldPanel("visibility"),
    ]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types: list[str] = []
    template = "localoffer/scorecard.html"

    class Meta:
        verbose_name = "scorecard"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `heads`: the indicators under each head, with figures, chart and words."""
        from localoffer import scorecard

        context = super().get_context(request, *args, **kwargs)
        context["heads"] = scorecard.read(self)
        return context
