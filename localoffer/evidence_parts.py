"""What the pages give to the evidence pack: coverage, account, co-production, statement, changes."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import Page, PageLogEntry, Site

from localoffer import evaluation, scorecard
from localoffer.blocks import SECTION_WORDS
from localoffer.clock import end_of
from localoffer.coverage import STATUS_WORDS, audit
from localoffer.evidence_pack import Part
from localoffer.history import PUBLISHED, UNPUBLISHED, sections_as_of
from localoffer.markup import text_of
from localoffer.models import (
    AccessibilityStatementPage,
    CoverageSnapshot,
    Credit,
    ScorecardPage,
    SelfEvaluationPage,
)

CHANGES = PUBLISHED | UNPUBLISHED | {"wagtail.delete", "wagtail.create", "wagtail.move"}
Rows = Iterator[Sequence[Any]]


def parts(site: Site, start: date, end: date) -> list[Part]:
    """For the hook `register_evidence_parts`."""
    return [
        Part(
            "coverage",
            "How the site answers the law",
            "Every question that the law, the national code or good practice asks, on the last day of the "
            "period, with where it is answered and the day it was signed off. Who signed is kept by the "
            "council.",
            ("Section", "Question", "Key", "Weight", "Reference", "Status", "Why", "Last checked",
             "Signed off on", "Page"),
            lambda: _coverage(site, end),
            10,
        ),
        Part(
            "coverage-over-time",
            "Coverage over time",
            "The share of the statutory questions that was met, on each day that it was kept.",
            ("Day", "Statutory questions met, percent"),
            lambda: _trend(site),
            11,
        ),
        Part(
            "co-production",
            "Made with families",
            "Each approval that the parent carer forum gave in the period, from the approval itself.",
            ("Page", "Question", "Approved by", "Approved on", "Live since"),
            lambda: _credits(site, start, end),
            40,
        ),
        Part(
            "scorecard",
            "Scorecard",
            "Every figure of the scorecards, ours and those we compare with.",
            ("Scorecard", "Head", "Indicator", "Period", "Area", "Figure", "Target", "Who answers for it",
             "Source"),
            lambda: _figures(site),
            60,
        ),
        Part(
            "self-evaluation",
            "Self-evaluation",
            "Each question we ask ourselves, its rating now and before, what we did and what comes next.",
            ("Self-evaluation", "Code", "Question", "Now", "Movement", "Achieved", "Next",
             "Who answers for it", "Due by", "Evidence"),
            lambda: _evaluations(site, end),
            61,
        ),
        Part(
            "accessibility-statement",
            "Accessibility statement",
            "What the statement says on the day that this pack was made.",
            ("Statement", "What", "Words"),
            lambda: _statement(site),
            70,
        ),
        Part(
            "changes-to-pages",
            "Changes to pages",
            "What was published, taken down, moved or deleted in the period. The council keeps who did it.",
            ("Day", "Page", "What happened"),
            lambda: _changes(site, start, end),
            80,
        ),
    ]  # fmt: skip


def _coverage(site: Site, end: date) -> Rows:
    for found in audit(site, end, sections_as_of(site, end)).findings:
        asked = found.requirement
        yield (
            SECTION_WORDS[asked.section],
            asked.question,
            asked.key,
            asked.weight.value,
            asked.public_reference,
            STATUS_WORDS[found.status],
            "; ".join(f"{part.label}: {part.words}" for part in found.parts),
            found.last_checked,
            found.sign_off.signed_on if found.sign_off else None,
            found.pages[0].url if found.pages else "",
        )


def _trend(site: Site) -> Rows:
    for kept in CoverageSnapshot.objects.filter(authority=site).order_by("taken_on").iterator():
        yield kept.taken_on, f"{kept.statutory_score:.0f}"


def _public(model: type[Page], site: Site) -> Any:
    return model.objects.live().descendant_of(site.root_page)


def _credits(site: Site, start: date, end: date) -> Rows:
    credits = Credit.objects.filter(
        page__path__startswith=site.root_page.path, approved_on__range=(start, end)
    ).select_related("page")
    for credit in credits.order_by("approved_on", "pk").iterator():
        words = credit.requirement or "The whole page"
        yield credit.page.title, words, credit.group_name, credit.approved_on, credit.published_on


def _figures(site: Site) -> Rows:
    for page in _public(ScorecardPage, site):
        for head in scorecard.read(page):
            for card in head.cards:
                for period, figures in card.table:
                    for area, figure in zip(card.columns, figures, strict=True):
                        yield (page.title, head.title, card.title, period, area, figure, card.target,
                               card.owner, card.source)  # fmt: skip


def _evaluations(site: Site, end: date) -> Rows:
    for page in _public(SelfEvaluationPage, site):
        for row in evaluation.read(page, end).rows:
            yield (
                page.title,
                row.item.code,
                row.item.text,
                row.now.word if row.now else "",
                row.movement_words,
                *row.said,
                "; ".join(evidence.words for evidence in row.evidence),
            )


def _statement(site: Site) -> Rows:
    for page in _public(AccessibilityStatementPage, site):
        for field in page._meta.fields:
            if field.model is AccessibilityStatementPage and not field.primary_key:
                said = getattr(page, field.name)
                shown = getattr(page, f"get_{field.name}_display", lambda said=said: said)()
                yield page.title, str(field.verbose_name).capitalize(), text_of(str(shown or ""))


def _changes(site: Site, start: date, end: date) -> Rows:
    """Of pages that families could read: a draft's title is nobody's yet. A page that was deleted has no
    place any more, so it is told of where there is one council, whose it must have been."""
    here = Page.objects.descendant_of(site.root_page, inclusive=True).exclude(first_published_at=None)
    whose = Q(page_id__in=here.order_by().values("pk"))
    if Site.objects.count() == 1:
        published = PageLogEntry.objects.filter(action__in=PUBLISHED).values("page_id")
        whose |= Q(action="wagtail.delete", page_id__in=published)
    entries = PageLogEntry.objects.filter(
        whose,
        action__in=CHANGES,
        timestamp__gte=end_of(start) - timedelta(days=1),
        timestamp__lt=end_of(end),
    )
    for entry in entries.order_by("timestamp", "pk").iterator():
        # By the entry: asked for a label by name, Wagtail fails until something has been logged.
        formatter = registry.get_formatter(entry)
        happened = formatter.label if formatter else entry.action
        yield timezone.localdate(entry.timestamp), entry.label, happened
