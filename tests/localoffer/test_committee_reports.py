"""Reports by cycle: drafted from live data, fixed as they go live, and the next date set by them."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from localoffer import committee_reports
from localoffer.founding import make_groups
from localoffer.models import Audience, CommitteeReportPage, Visibility
from localoffer.models.committee_report import add_months
from localoffer.regulations import Section
from tests.factories import answer_block, make_home, make_section, make_user
from tests.localoffer.test_evaluation import make_evaluation, said

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def audience():
    site = make_home().get_site()
    return Audience.objects.create(
        authority=site, name="Scrutiny committee", every_months=6, first_due=TODAY - timedelta(days=3)
    )


def published(audience: Audience) -> CommitteeReportPage:
    page = committee_reports.draft(audience=audience)
    page.save_revision().publish()
    return CommitteeReportPage.objects.get(pk=page.pk)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 26), 1, date(2026, 12, 26)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 6, 1), 12, date(2027, 6, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -6, date(2025, 7, 15)),
    ],
)
def test_months_when_added_then_the_same_day_or_the_last(day, months, expected):
    assert add_months(day, months) == expected


def test_draft_when_made_then_counted_in_the_committees_layout(client, audience, admin_user):
    home = audience.authority.root_page
    make_section(Section.HEALTH, home=home, slug="health",
                 answers=[answer_block("health.urgent"), answer_block("health.therapies")])  # fmt: skip
    evaluation_page = make_evaluation()
    said(evaluation_page, admin_user, add_months(TODAY, -8).replace(day=1), A1="green")
    said(evaluation_page, admin_user, TODAY, A1="red")
    page = published(audience)
    assert page.figures["groups"][0]["title"] == "How far the site answers the law"
    [row] = page.figures["ratings"][0]["rows"]
    assert (row["code"], row["before"], row["now"]["key"]) == ("A1", "In place, with strengths", "red")
    client.force_login(admin_user)
    html = client.get(page.get_url()).content.decode()
    places = [
        html.index(f"<h2>{title}") for title in ("Purpose", "Summary", "Figures", "Ratings", "Recommend")
    ]
    assert places == sorted(places)
    assert "#i-square" in html


def test_report_when_live_then_fixed_whatever_is_counted_or_edited_later(audience, admin_user):
    page = committee_reports.draft(audience=audience)
    older = page.save_revision()
    page.save_revision().publish()
    page = CommitteeReportPage.objects.get(pk=page.pk)
    before = page.figures
    make_section(Section.HEALTH, home=audience.authority.root_page, slug="health",
                 answers=[answer_block("health.urgent"), answer_block("health.therapies")])  # fmt: skip
    with pytest.raises(PermissionDenied):
        committee_reports.count_again(page=page, user=admin_user)
    older.publish()  # the same words
    page.summary = "<p>All is well.</p>"
    with pytest.raises(ValidationError, match="fixed"):
        page.save_revision().publish()
    page = CommitteeReportPage.objects.get(pk=page.pk)
    assert page.figures == before
    assert "All is well" not in page.summary
    assert page.frozen_on == TODAY


def test_audience_when_a_report_is_fixed_then_the_next_date_follows(audience):
    assert (audience.last_sent, audience.is_overdue) == (None, True)
    first = published(audience)
    assert (audience.last_sent, audience.next_due) == (TODAY, add_months(TODAY, 6))
    second = committee_reports.draft(audience=audience)
    assert second.start == min(first.frozen_on + timedelta(days=1), TODAY)
    assert second.slug != first.slug


def test_draft_when_counted_again_then_the_new_figures(audience, admin_user):
    page = committee_reports.draft(audience=audience)
    make_section(Section.HEALTH, home=audience.authority.root_page, slug="health",
                 answers=[answer_block("health.urgent"), answer_block("health.therapies")])  # fmt: skip
    committee_reports.count_again(page=page, user=admin_user)
    assert CommitteeReportPage.objects.get(pk=page.pk).figures != {}
    assert page.figures["groups"][0]["rows"] != []


def test_button_when_a_draft_is_counted_again_then_asked_first_and_a_fixed_report_is_left_alone(
    client, audience, admin_user
):
    committee_reports.draft(audience=audience)
    page = CommitteeReportPage.objects.get()
    where, edit = (reverse(n, args=[page.pk]) for n in ("count_committee", "wagtailadmin_pages:edit"))
    client.force_login(admin_user)
    assert f'href="{where}"' in client.get(edit).content.decode()
    make_section(Section.HEALTH, home=audience.authority.root_page, slug="health",
                 answers=[answer_block("health.urgent"), answer_block("health.therapies")])  # fmt: skip
    asked = client.get(where).content.decode()
    assert "Count them as they are today?" in asked
    assert f"counted on {date.today():%-d %B %Y}." in asked
    assert CommitteeReportPage.objects.get().figures == page.figures
    assert "counted again" in client.post(where, follow=True).content.decode()
    counted = CommitteeReportPage.objects.get()
    assert counted.figures != page.figures
    counted.save_revision(user=admin_user).publish()
    assert f'href="{where}"' not in client.get(edit).content.decode()
    assert "cannot be counted again" in client.get(where).content.decode()
    assert "cannot be counted again" in client.post(where, follow=True).content.decode()
    assert CommitteeReportPage.objects.get().figures == counted.figures


def test_command_when_reports_are_due_then_one_draft_each_and_none_twice(audience):
    out = StringIO()
    call_command("draft_committee_report", stdout=out)
    call_command("draft_committee_report", stdout=out)
    assert out.getvalue().count("Drafted:") == 1
    call_command("draft_committee_report", audience="scrutiny committee", stdout=out)
    assert CommitteeReportPage.objects.count() == 2
    with pytest.raises(CommandError, match="no audience called"):
        call_command("draft_committee_report", audience="Nobody")


def test_button_when_pressed_then_drafted_and_a_link_alone_writes_nothing(client, audience, admin_user):
    where = reverse("draft_committee", args=[audience.pk])
    make_groups()
    client.force_login(make_user("viewer", groups=["Viewer"]))
    assert client.post(where).status_code in (302, 403)
    assert not CommitteeReportPage.objects.exists()
    client.force_login(admin_user)
    assert client.get(where).status_code == 200
    assert not CommitteeReportPage.objects.exists()
    assert client.post(where).status_code == 302
    page = CommitteeReportPage.objects.get()
    assert (page.live, page.visibility) == (False, Visibility.COUNCILLORS)
    assert "Draft the next report" in client.get("/admin/snippets/localoffer/audience/").content.decode()
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Report for Scrutiny committee" in html
    assert "overdue since" in html


def test_draft_when_a_rating_slipped_before_the_period_then_it_did_not_slip_in_it(audience, admin_user):
    """How it moved is told since the last report: not what an earlier one has told already, nor only what
    was said before the last word."""
    judged = make_evaluation()
    for months, words in (
        (-14, {"A1": "green", "A2": "green"}),
        (-10, {"A1": "red"}),
        (-3, {"A2": "amber"}),
        (0, {"A2": "red"}),
    ):
        said(judged, admin_user, add_months(TODAY, months).replace(day=1), **words)
    tables = {t["title"].rpartition(": ")[2]: t["rows"] for t in published(audience).figures["ratings"]}
    moved = {title: [(row["code"], row["before"]) for row in rows] for title, rows in tables.items()}
    assert moved["Slipped"] == [("A2", "In place, with strengths")]
    assert [("A1", "Substantial work to do")] in moved.values()
    assert ("A1", "In place, with strengths") not in [row for rows in moved.values() for row in rows]
