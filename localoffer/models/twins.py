"""The same page told another way: Easy Read, British Sign Language, another language.

A twin hangs under the page it retells. It remembers the words it was made from; from the moment
the live words differ it counts as behind, until somebody changes the twin or says it is still
right. Nothing has to run for that: it is computed from digests.
"""

import re
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page, PageLogEntry, Revision

from localoffer.blocks import TEXT_FEATURES
from localoffer.clock import end_of, today
from localoffer.digests import revision_digest, text_digest
from localoffer.languages import BY_CODE, CHOICES, Language
from localoffer.models.pages import SECTION_PAGES, Crumbs, GuidancePage
from localoffer.twin_panels import TwinStatePanel

PUBLISHED = ("wagtail.publish", "wagtail.publish.scheduled")
# Twice as sharp as it is shown, in the format that is a quarter of the bytes.
PICTURE = "max-512x384|format-webp"
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+(?:\s|$)")
ENGLISH = Language("en-GB", "English", "English")


class TwinPage(Crumbs, Page):
    """What every twin shares. Never made itself.

    `made_from` goes with the twin's own words, draft by draft; `confirmed_digest` belongs to the
    page as a whole and survives publishing an older draft.
    """

    kind: ClassVar[str] = ""
    only_one: ClassVar[bool] = True

    made_from = models.CharField(max_length=32, blank=True, editable=False)
    confirmed_digest = models.CharField(max_length=32, blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    is_creatable = False
    parent_page_types: ClassVar[list[Any]] = [
        *SECTION_PAGES.values(),
        GuidancePage,
        "localoffer.AccessibilityStatementPage",
        "localoffer.AlternativeFormatsPage",
        "localoffer.LandingPage",
        "localoffer.NewsPage",
        "localoffer.StepByStepPage",
    ]
    subpage_types: ClassVar[list[str]] = []

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        taken = cls.only_one and cls.objects.child_of(parent).exists()
        return super().can_create_at(parent) and not taken

    @cached_property
    def twin_of(self) -> Page:
        """The page it retells, as it is in the database."""
        return self.get_parent().specific

    @property
    def twin_language(self) -> Language:
        return ENGLISH

    @property
    def label(self) -> str:
        """What its link says, in the words of those who look for it."""
        return self.kind

    @property
    def words(self) -> str:
        """What we call it: "Easy Read version"."""
        return f"{self.kind} version"

    def parent_digest(self) -> str:
        """Of the words that families read on the other page now; empty where they read none."""
        return text_digest(self.twin_of) if self.twin_of.live else ""

    def is_behind(self) -> bool:
        """Whether the page it retells says something else by now."""
        return not self.knows(self.parent_digest())

    def knows(self, digest: str) -> bool:
        """Whether it was made from, or compared with, the words of that digest."""
        return bool(digest) and digest in (self.made_from, self.confirmed_digest)

    def changed_on(self) -> date | None:
        """The day the other page began to say what this one does not know; None where it is not live.

        Read from the log of what was published; a page published outside it counts from its last day.
        """
        if not self.twin_of.live:
            return None
        when = self.twin_of.last_published_at
        entries = PageLogEntry.objects.filter(
            page=self.twin_of.pk,
            action__in=PUBLISHED,
            revision__created_at__isnull=False,  # versions may have been purged
            timestamp__lt=end_of(today()),
        )
        for entry in entries.select_related("revision").order_by("-timestamp", "-pk").iterator(chunk_size=5):
            if self.knows(revision_digest(entry.revision)):
                break
            when = entry.timestamp
        return timezone.localdate(when) if when else None

    def save(self, **kwargs: Any) -> None:
        if self._state.adding and not self.made_from:
            self.made_from = self.parent_digest()
        super().save(**kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Whoever changes a twin has the page as it is now before them."""
        self.made_from = self.parent_digest()
        return super().save_revision(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Page:
        """A confirmation is not part of any one draft."""
        page = super().with_content_json(content)
        page.confirmed_digest, page.confirmed_at = self.confirmed_digest, self.confirmed_at
        return page

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["parent"], context["behind"] = self.twin_of, self.is_behind()
        context["changed_on"] = self.changed_on() if context["behind"] else None
        return context


class RowBlock(blocks.StructBlock):
    """One picture and the words that it helps to read.

    The words are the text alternative, so the picture itself is given none.
    """

    picture = ImageChooserBlock(help_text="It needs no description: the words beside it are that.")
    words = blocks.TextBlock(max_length=220, rows=2, help_text="One or two short sentences.")

    class Meta:
        icon = "image"
        label = "Picture and words"

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if len(SENTENCE_END.findall(value["words"])) > 2:
            raise blocks.StructBlockValidationError(
                {"words": ValidationError("Two sentences at most. Put the rest beside another picture.")}
            )
        return value


class EasyReadPage(TwinPage):
    """Easy Read: short sentences, each with a picture."""

    kind = "Easy Read"

    rows = StreamField([("row", RowBlock())], blank=True)

    content_panels = [TwinStatePanel(), *Page.content_panels, FieldPanel("rows")]
    is_creatable = True
    template = "localoffer/easy_read.html"

    class Meta:
        verbose_name = "Easy Read page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["rows"] = self.pictured_rows()
        return context

    def pictured_rows(self) -> list[tuple[Any, str]]:
        """(rendition or None, words) of each row, in as many queries for forty rows as for one."""
        raw = [(row.value.get("picture"), row.value["words"]) for row in self.rows]
        ids = [picture.pk for picture, _ in raw if picture]
        images = get_image_model().objects.filter(pk__in=ids).prefetch_renditions(PICTURE).in_bulk()
        return [(_rendition(images.get(picture.pk)) if picture else None, words) for picture, words in raw]


def _rendition(image: Any) -> Any:
    """The picture as the page shows it; nothing where its file is lost."""
    try:
        return image.get_rendition(PICTURE) if image else None
    except SourceImageIOError:
        return None


class BslVideoPage(TwinPage):
    """British Sign Language: our own file, captions and the same in words. No other company's player."""

    kind = "British Sign Language"

    introduction = models.TextField(blank=True)
    video = models.ForeignKey(
        "wagtaildocs.Document",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="An MP4 or WebM file.",
    )
    captions = models.ForeignKey(
        "wagtaildocs.Document",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="English captions, a WebVTT file (.vtt).",
    )
    transcript = RichTextField(features=TEXT_FEATURES, help_text="Everything that is signed, in words.")

    content_panels = [
        TwinStatePanel(),
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("video"),
        FieldPanel("captions"),
        FieldPanel("transcript"),
    ]
    is_creatable = True
    template = "localoffer/bsl_video.html"

    class Meta:
        verbose_name = "British Sign Language page"

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.video and self.video.file_extension.lower() not in ("mp4", "webm"):
            errors["video"] = "Choose an MP4 or WebM file."
        if self.captions and self.captions.file_extension.lower() != "vtt":
            errors["captions"] = "Choose a WebVTT file. Its name ends in .vtt."
        if errors:
            raise ValidationError(errors)


class TranslatedPage(TwinPage):
    """The page in another language, in the direction that it is read."""

    only_one = False

    language = models.CharField(max_length=10, choices=CHOICES)
    introduction = models.TextField(blank=True, help_text="In the other language.")
    body = RichTextField(features=["h2", *TEXT_FEATURES], help_text="In the other language.")

    content_panels = [
        TwinStatePanel(),
        HelpPanel("<p>Write the title and everything below in the other language.</p>"),
        *Page.content_panels,
        FieldPanel("language"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    is_creatable = True
    template = "localoffer/translated.html"

    class Meta:
        verbose_name = "translated page"

    @property
    def twin_language(self) -> Language:
        """English where the stored code is one we no longer know."""
        return BY_CODE.get(self.language, ENGLISH)

    @property
    def label(self) -> str:
        return self.twin_language.own_name

    @property
    def words(self) -> str:
        return f"{self.twin_language.name} version"


TWIN_PAGES: tuple[type[TwinPage], ...] = (EasyReadPage, BslVideoPage, TranslatedPage)
