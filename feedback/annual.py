"""The yearly report: draft it from the log, count again, know when the next is due.

Regulation 56(3): at least once a year. Nothing publishes itself: a report is approved through the
workflow (see `models.annual_report`), and fixed as it goes live.
"""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from feedback import annual_figures, consultation, gaps, useful
from feedback.annual_period import Due, ReportPeriod
from feedback.gate import Refused
from feedback.models import AnnualReportIndexPage, AnnualReportPage, FrozenReport, HaveYourSayPage
from feedback.models.annual_report import REPORTS_SLUG, SLUG

TITLE = "What you told us, and what we did, {}"
INTRODUCTION = (
    "Our yearly report on comments about the Local Offer, from {}. "
    "It says what you told us, what we did and what we could not do."
)


class NotEnded(Refused):
    """The period is not over, so there is nothing to report yet."""


@transaction.atomic
def make_pages(site: Site) -> AnnualReportIndexPage:
    """The pages that hold the reports, made once; their addresses are fixed."""
    home = site.root_page
    holder = HaveYourSayPage.objects.child_of(home).first()
    if holder is None:
        holder = HaveYourSayPage(title="Have your say", slug=SLUG)
        home.add_child(instance=holder)
        holder.save_revision().publish()
    index = AnnualReportIndexPage.objects.child_of(holder).first()
    if index is None:
        index = AnnualReportIndexPage(title="Yearly reports", slug=REPORTS_SLUG)
        holder.add_child(instance=index)
        index.save_revision().publish()
    return index


def figures(authority: Site, period: ReportPeriod, today: date | None = None) -> dict[str, Any]:
    """All that a report counts, with what the other parts of feedback add."""
    return {
        "days": [period.start.isoformat(), period.end.isoformat()],
        **annual_figures.count(authority, period, today),
        "gaps": gaps.figures(authority),
        "useful": useful.figures(authority, period.start, period.end),
        "not_asked": [category.key for category in consultation.not_invited(authority, period.end)],
    }


@transaction.atomic
def draft_report(
    *, authority: Site, period: ReportPeriod, by: Any = None, today: date | None = None
) -> AnnualReportPage:
    """A draft page of the period with everything counted; `by` must be allowed to add pages.

    Raises `NotEnded` before the period is over and `Refused` where there is a report of it already.
    """
    today = today or timezone.localdate()
    if period.end >= today:
        raise NotEnded(f"{period.words} is not over yet. Draft its report after the last day.")
    index = make_pages(authority)
    if by is not None and not index.permissions_for_user(by).can_add_subpage():
        raise PermissionDenied("You may not add pages here.")
    if index.get_children().filter(slug=period.slug).exists():
        raise Refused(f"There is a report of {period.words} already. Open it and count again.")
    page = AnnualReportPage(
        title=TITLE.format(period.short),
        slug=period.slug,
        start=period.start,
        end=period.end,
        introduction=INTRODUCTION.format(period.words),
        data=figures(authority, period, today),
        live=False,
        owner=by,
    )
    index.add_child(instance=page)
    page.save_revision(user=by, log_action=True)
    return page


@transaction.atomic
def count_again(*, page: AnnualReportPage, by: Any = None) -> AnnualReportPage:
    """Count the latest draft again from the log as it stands. Raises `Refused` where it is fixed."""
    if page.is_frozen:
        raise Refused("This report is fixed and cannot be counted again.")
    if by is not None and not page.permissions_for_user(by).can_edit():
        raise PermissionDenied("You may not change this report.")
    draft = page.get_latest_revision_as_object()
    count_into(draft, page.get_parent())
    draft.save_revision(user=by, log_action=True)
    return draft


def count_into(page: AnnualReportPage, parent: Page) -> None:
    """Put into `page.data` what its period counts to now."""
    site = parent.get_site()
    if site is not None:
        page.data = figures(site, ReportPeriod(page.start, page.end))


def count_if_needed(page: AnnualReportPage, parent: Page) -> None:
    """Count where nothing was counted yet or the days have changed since."""
    days = [page.start.isoformat(), page.end.isoformat()]
    if page.data.get("days") != days:
        count_into(page, parent)


def due(authority: Site, today: date | None = None) -> Due:
    """When the next report must be published: twelve months after the last one was."""
    last = FrozenReport.objects.filter(authority=authority, page__live=True).first()
    return Due(timezone.localdate(last.frozen_at) if last else None, today or timezone.localdate())
