"""Blocks of the pages by which an authority gives account: an indicator with its own figures."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from localoffer.blocks import RequirementBlock
from localoffer.indicators import (
    GOOD_WORDS,
    HEAD_WORDS,
    INDICATORS,
    UNIT_WORDS,
    Good,
    Head,
    Indicator,
    Unit,
    get_indicator,
    is_indicator,
)
from localoffer.statistics_files import areas

# What a measure of an authority's own cannot do without.
OWN_WORDS = ("under", "title", "definition", "source", "measured_in")


def indicator_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The indicators of the open statistics, under their heads."""
    return [(words, [(i.key, i.title) for i in INDICATORS if i.head is h]) for h, words in HEAD_WORDS.items()]


def area_choices(*levels: str) -> list[tuple[str, str]]:
    """(code, name) of areas of these levels, by name; every level where none is given."""
    found = [(a.code, a.name) for a in areas().values() if not levels or a.level in levels]
    return sorted(found, key=lambda choice: choice[1])


def authority_choices() -> list[tuple[str, str]]:
    return area_choices("authority")


def region_choices() -> list[tuple[str, str]]:
    return area_choices("regional")


class IndicatorValue(blocks.StructValue):
    """What is not typed is taken from the open statistics' own indicator."""

    @property
    def statistic(self) -> Indicator | None:
        key = self.get("indicator") or ""
        return get_indicator(key) if is_indicator(key) else None

    def _own_or(self, name: str, fallback: Any = "") -> Any:
        found = self.get(name)
        if found:
            return found
        return getattr(self.statistic, name, fallback) if self.statistic else fallback

    @property
    def heading(self) -> str:
        return self._own_or("title")

    @property
    def words(self) -> str:
        return self._own_or("definition")

    @property
    def source_words(self) -> str:
        return self._own_or("source")

    @property
    def head(self) -> Head:
        return Head(self._own_or("under", "") or (self.statistic.head if self.statistic else Head.EXPERIENCE))

    @property
    def unit(self) -> Unit:
        return self.statistic.unit if self.statistic else Unit(self.get("measured_in") or Unit.NUMBER)

    @property
    def good(self) -> Good:
        chosen = self.get("better")
        return Good(chosen) if chosen else (self.statistic.good if self.statistic else Good.NEITHER)


class OwnFigureBlock(blocks.StructBlock):
    """One figure of our own, with the time it belongs to."""

    period = blocks.RegexBlock(
        regex=r"^20\d\d(/\d\d)?$",
        error_messages={"invalid": "Write a year, such as 2024, or a school year, such as 2024/25."},
        help_text="A year, such as 2024, or a school year, such as 2024/25.",
    )
    value = blocks.DecimalBlock(required=False, min_value=0, help_text="Empty: not available.")
    note = blocks.CharBlock(required=False, max_length=150)

    class Meta:
        icon = "calendar"
        label = "Figure"
        label_format = "{period}: {value} {note}"


class IndicatorBlock(blocks.StructBlock):
    """An indicator: from the open statistics, or of the authority's own."""

    indicator = blocks.ChoiceBlock(
        choices=indicator_choices,
        required=False,
        help_text="Brings its words and the figures of England, the region and neighbours. "
        "Empty: a measure of your own.",
    )
    under = blocks.ChoiceBlock(choices=list(HEAD_WORDS.items()), required=False, label="Head")
    title = blocks.CharBlock(required=False, max_length=150, help_text="Empty: as in the statistics.")
    definition = blocks.TextBlock(required=False, rows=2, help_text="What is counted, in plain words.")
    source = blocks.CharBlock(required=False, max_length=200)
    measured_in = blocks.ChoiceBlock(choices=list(UNIT_WORDS.items()), required=False)
    better = blocks.ChoiceBlock(choices=list(GOOD_WORDS.items()), required=False, label="Which way is better")
    figures = blocks.ListBlock(OwnFigureBlock(), default=[], label="Our own figures")
    target = blocks.DecimalBlock(required=False, min_value=0)
    owner = blocks.CharBlock(max_length=100, help_text="The role that answers for it. Not a name.")
    next_published = blocks.DateBlock(required=False, help_text="When new figures are due.")
    note = blocks.TextBlock(required=False, rows=2, help_text="What families should know about it.")

    class Meta:
        icon = "order"
        label = "Indicator"
        value_class = IndicatorValue

    def clean(self, value: Any) -> Any:
        """A measure of our own needs its words."""
        cleaned = super().clean(value)
        if not cleaned.get("indicator"):
            missing = [
                n for n in ("under", "title", "definition", "source", "measured_in") if not cleaned.get(n)
            ]
            if missing:
                raise blocks.StructBlockValidationError(
                    {name: ValidationError("A measure of your own needs this.") for name in missing}
                )
        return cleaned


class IndicatorsBlock(blocks.StreamBlock):
    indicator = IndicatorBlock()


class NeighboursBlock(blocks.StreamBlock):
    """Authorities to compare with."""

    area = blocks.ChoiceBlock(choices=authority_choices, icon="site")


class CoverageEvidenceBlock(blocks.StructBlock):
    """How one requirement of the law is answered now."""

    requirement = RequirementBlock()

    class Meta:
        icon = "tasks"
        label = "How the site answers the law"


class CommentEvidenceBlock(blocks.StructBlock):
    """A comment in the public log, with what the authority did."""

    reference = blocks.CharBlock(max_length=14, help_text="Such as HYS-7K3Q9-2M.")

    class Meta:
        icon = "comment"
        label = "Comment and answer"


class EvidenceLinkBlock(blocks.StructBlock):
    words = blocks.CharBlock(max_length=150)
    url = blocks.URLBlock(label="Address")

    class Meta:
        icon = "link"
        label = "Other evidence"


class EvidenceBlock(blocks.StreamBlock):
    """What shows that a claim is true: links into the site, or to a document elsewhere."""

    coverage = CoverageEvidenceBlock()
    page = blocks.PageChooserBlock(icon="doc-empty")
    service = SnippetChooserBlock("services.Service", icon="list-ul")
    comment = CommentEvidenceBlock()
    link = EvidenceLinkBlock()


class ResponsibilityBlock(blocks.StructBlock):
    """One duty of one agency, and the role that answers for it."""

    agency = blocks.CharBlock(max_length=120, help_text="Such as “The council” or “The health service”.")
    duty = blocks.TextBlock(rows=2, help_text="What it must do, in plain words.")
    role = blocks.CharBlock(
        max_length=100,
        help_text="The role that answers for it, written as everywhere on the site. Not a name.",
    )

    class Meta:
        icon = "group"
        label = "Duty"
        label_format = "{duty} ({agency})"


class ResponsibilitiesBlock(blocks.StreamBlock):
    duty = ResponsibilityBlock()
