"""Builders for the yearly report, consultation and gaps."""

from datetime import date
from typing import Any

from django.contrib.auth.models import Group, Permission
from wagtail.models import Site

from feedback import annual, consultation
from feedback.annual_period import ReportPeriod
from feedback.models import AnnualReportPage, ConsultationRound
from localoffer.coproduction import make_workflow
from localoffer.founding import make_groups
from tests.factories import make_home, make_user

YEAR = ReportPeriod.of_school_year(2024)


def make_staffed_site(**settings: Any) -> Site:
    """An authority with its groups of staff and the workflow over its pages."""
    home = make_home(**settings)
    make_groups()
    make_workflow(home)
    return home.get_site()


def make_writer(username: str = "writer") -> Any:
    """May draft and edit pages and submit them; may not publish."""
    return _staff(username, "Council editor")


def make_publisher(username: str = "publisher") -> Any:
    return _staff(username, "Council publisher")


def make_forum_member(username: str = "forum") -> Any:
    return _staff(username, "Forum editor")


def _staff(username: str, group: str) -> Any:
    user = make_user(username, groups=[group])
    assert Group.objects.filter(name=group).exists()
    user.user_permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    return user


def make_draft(site: Site, *, by: Any = None, period: ReportPeriod = YEAR) -> AnnualReportPage:
    return annual.draft_report(authority=site, period=period, by=by)


def approve(page: AnnualReportPage, writer: Any, *reviewers: Any) -> AnnualReportPage:
    """Through the workflow, step by step, each by the next reviewer."""
    page.get_latest_revision_as_object().save_revision(user=writer)
    state = AnnualReportPage.objects.get(pk=page.pk).get_workflow().start(page, writer)
    for reviewer in reviewers:
        state.refresh_from_db()
        task = state.current_task_state.specific
        task.task.specific.on_action(task, reviewer, "approve")
    return AnnualReportPage.objects.get(pk=page.pk)


def make_frozen(site: Site, **fields: Any) -> AnnualReportPage:
    """A report that the forum approved and a publisher put live."""
    writer = make_writer()
    page = make_draft(site, **fields)
    return approve(page, writer, make_forum_member(), make_publisher())


def make_round(site: Site, **fields: Any) -> ConsultationRound:
    given = {
        "title": "Autumn review",
        "kind": "reviewing",
        "method": "Coffee mornings.",
        "summary": "They like it.",
        "opened": date(2025, 1, 10),
        "published": True,
        **fields,
    }
    found = ConsultationRound.objects.create(authority=site, **given)
    consultation.fill_round(found)
    return found
