"""The yearly report: counted from the log, approved by others, fixed for good."""

import csv
import io
import json
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from feedback import annual, annual_figures, answers, moderation
from feedback.annual_period import ReportPeriod
from feedback.enums import ActionStatus, Consent, Disposition, Topic
from feedback.gate import Refused
from feedback.models import AnnualReportPage, FrozenReport
from tests.factories import make_action, make_authority, make_comment, make_moderator, make_published
from tests.feedback.record import (
    YEAR,
    approve,
    make_draft,
    make_forum_member,
    make_frozen,
    make_publisher,
    make_round,
    make_staffed_site,
    make_writer,
)

pytestmark = pytest.mark.django_db
INSIDE = date(2025, 2, 3)
ADDRESS = "/have-your-say/annual-report/2024-2025/"


@pytest.fixture
def site():
    return make_staffed_site(forum_name="Avonmere Parent Carer Voice")


def withheld(site, **fields):
    comment = make_comment(site, received_on=INSIDE, **fields)
    by = make_moderator("m2")
    return moderation.withhold(
        comment=comment,
        by=by,
        version=comment.version,
        ground=Disposition.WITHHELD_INDIVIDUAL,
        reason="It is about the help of one child.",
    )


# -- counting --------------------------------------------------------------------


def test_count_when_comments_of_all_kinds_then_they_add_up_and_only_those_of_the_period(site):
    action = make_action(site, title="Clear dates")
    make_published(site, received_on=INSIDE, topic=Topic.MISSING, action=action)
    make_published(site, received_on=YEAR.end, response="We put it right.")
    withheld(site, consent=Consent.PUBLISH)
    make_comment(site, received_on=YEAR.start)
    make_published(site, received_on=date(2024, 8, 31), topic=Topic.MISSING)
    make_published(make_authority("Otherton", "otherton.example"), received_on=INSIDE)
    data = annual_figures.count(site, YEAR)
    assert (data["received"], data["shown"], data["being_read"]) == (4, 2, 1)
    assert [(r["key"], r["count"]) for r in data["not_shown"]] == [("withheld_individual", 1)]
    assert data["before"] == {"received": 1, "shown": 1}
    topics = {row["key"]: (row["count"], row["before"]) for row in data["topics"]}
    assert topics[Topic.MISSING] == (1, 1)
    assert sum(count for count, _ in topics.values()) == 4
    assert [theme["title"] for theme in data["themes"]] == ["Clear dates"]
    assert len(data["entries"]) == 2


def test_count_when_few_wrote_in_a_role_then_the_number_is_hidden(site):
    for _ in range(6):
        make_published(site, received_on=INSIDE)
    make_published(site, received_on=INSIDE, role="representative")
    roles = {row["words"]: row["count"] for row in annual_figures.count(site, YEAR)["roles"]}
    assert roles["Acting for a young person who cannot decide"] is None
    assert roles["Parent or carer"] is None  # or the other could be worked out


def test_count_when_answered_then_working_days_from_the_day_it_came(site):
    by = make_moderator("answerer")
    comment = make_comment(site, received_on=date(2025, 2, 3))  # a Monday
    at = timezone.make_aware(timezone.datetime(2025, 2, 12, 12))
    moderation.publish(
        comment=comment, by=by, version=comment.version, public_text="The page is old.",
        nobody_identifiable=True, response="We wrote it again.", note="Made shorter.", at=at,
    )  # fmt: skip
    make_published(site, received_on=date(2025, 2, 3))  # no answer yet, only a date
    data = annual_figures.count(site, YEAR)["answers"]
    assert (data["answered"], data["waiting"], data["within"]) == (1, 1, 1)
    assert data["median_working_days"] == 7


def test_count_when_an_action_answers_no_public_comment_then_its_words_stay_inside(site):
    action = make_action(
        site, title="For nobody yet", status=ActionStatus.DONE, done_on=INSIDE, target_date=None
    )
    comment = make_comment(site, received_on=INSIDE, consent=Consent.COUNT_ONLY)
    moderation.count(comment=comment, by=make_moderator("m3"), version=comment.version, action=action)
    assert annual_figures.count(site, YEAR)["themes"] == []


def test_count_when_many_comments_then_queries_do_not_grow(site):
    from django.db import connection

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            annual.figures(site, YEAR)
        return len(captured)

    make_published(site, received_on=INSIDE, action=make_action(site))
    few = queries()
    for _ in range(4):
        make_published(site, received_on=INSIDE, action=make_action(site))
    assert queries() <= few


# -- drafting --------------------------------------------------------------------


def test_draft_when_asked_then_a_page_at_the_usual_address_that_nobody_sees_yet(site, client):
    make_published(site, received_on=INSIDE)
    page = make_draft(site)
    assert page.get_url() == ADDRESS
    assert not page.live
    assert page.data["received"] == 1
    assert client.get(ADDRESS).status_code == 404
    assert client.get("/have-your-say/").status_code == 200  # the form still answers there


def test_draft_when_the_year_is_not_over_then_refused(site):
    with pytest.raises(annual.NotEnded, match="not over yet"):
        make_draft(site, period=ReportPeriod.of_school_year(2090))


def test_draft_when_there_is_one_then_refused(site):
    make_draft(site)
    with pytest.raises(Refused, match="already"):
        make_draft(site)


def test_draft_when_somebody_may_not_add_pages_then_refused(site):
    with pytest.raises(PermissionDenied):
        make_draft(site, by=make_moderator())


def test_count_again_when_the_log_changed_then_the_draft_follows(site):
    page = make_draft(site)
    make_published(site, received_on=INSIDE)
    assert annual.count_again(page=page, by=make_writer()).data["received"] == 1


def test_command_when_run_then_drafts_and_says_what_is_due(site, capsys):
    call_command("draft_annual_report", period="2024-25")
    assert "Drafted" in capsys.readouterr().out
    assert AnnualReportPage.objects.get().slug == "2024-2025"
    with pytest.raises(CommandError, match="There is no yearly report yet"):
        call_command("draft_annual_report", due=True)


@pytest.mark.parametrize(
    "options",
    [{"period": "soon"}, {"start": date(2025, 1, 1)}, {"period": "2089-90"}, {"authority": "Nowhere"}],
)
def test_command_when_told_nonsense_then_says_what_is_wrong(site, options):
    with pytest.raises(CommandError):
        call_command("draft_annual_report", **options)


# -- approval and freezing -------------------------------------------------------------


def test_report_when_approved_by_two_others_then_live_and_frozen(site, client):
    page = make_frozen(site)
    record = FrozenReport.objects.get(page=page)
    assert page.live
    assert record.is_intact
    assert [step["who"] for step in record.content["approvals"]] == [
        "Avonmere Parent Carer Voice",
        "Avonmere Council",
    ]
    html = client.get(ADDRESS).content.decode()
    assert "Agreed with Avonmere Parent Carer Voice" in html
    assert "publisher" not in html  # no name of an account


def test_report_when_one_person_publishes_alone_then_refused_and_nothing_is_live(site):
    page = make_draft(site)
    page.save_revision(user=make_publisher())
    with pytest.raises(ValidationError, match="somebody else approves"):
        page.get_latest_revision().publish()
    assert not AnnualReportPage.objects.get().live
    assert not FrozenReport.objects.exists()


def test_report_when_the_words_changed_after_the_approval_then_not_published(site):
    writer = make_writer()
    page = approve(make_draft(site), writer, make_forum_member())
    draft = page.get_latest_revision_as_object()
    draft.introduction = "All is well."
    draft.save_revision(user=writer)
    with pytest.raises(ValidationError):
        draft.get_latest_revision().publish()


def test_report_when_the_log_changes_later_then_it_says_the_same(site, client):
    action = make_action(site, title="Clear dates")
    make_published(site, received_on=INSIDE, action=action)
    page = make_frozen(site)
    before = client.get(ADDRESS).content
    answers.change_action(
        action=action, by=make_moderator("later"), version=1, status=ActionStatus.DONE,
        done_on=timezone.localdate(), response="Changed later.",
    )  # fmt: skip
    make_published(site, received_on=INSIDE, public_text="One more.")
    assert client.get(ADDRESS).content == before
    assert FrozenReport.objects.get(page=page).is_intact


def test_report_when_fixed_then_no_other_words_can_be_published_but_a_correction_can(site, client):
    page = make_frozen(site)
    draft = page.get_latest_revision_as_object()
    draft.introduction = "Everybody was happy."
    with pytest.raises(ValidationError, match="fixed"):
        draft.save_revision().publish()
    draft = AnnualReportPage.objects.get(pk=page.pk)
    draft.correction = "<p>The table had a slip.</p>"
    draft.save_revision().publish()
    html = client.get(ADDRESS).content.decode()
    assert "The table had a slip." in html
    assert "Everybody was happy." not in html
    with pytest.raises(Refused, match="fixed"):
        annual.count_again(page=page)


def test_record_when_somebody_would_change_or_delete_it_then_refused(site):
    page = make_frozen(site)
    record = FrozenReport.objects.get()
    with pytest.raises(TypeError):
        record.save()
    with pytest.raises(TypeError):
        record.delete()
    with pytest.raises(Exception, match="protected"):
        Page.objects.get(pk=page.pk).delete()
    FrozenReport.objects.update(content={**record.content, "title": "Another"})
    assert not FrozenReport.objects.get().is_intact


def test_report_when_a_comment_comes_off_the_log_then_it_comes_off_the_report_and_the_numbers_stay(
    site, client
):
    comment = make_published(site, received_on=INSIDE, public_text="My neighbour at number 7 said so.")
    make_frozen(site)
    assert "number 7" in client.get(ADDRESS).content.decode()
    comment.refresh_from_db()
    moderation.reopen(
        comment=comment, by=make_moderator("m4"), version=comment.version, reason="It names a house."
    )
    page = BeautifulSoup(client.get(ADDRESS).content, "html.parser")
    assert "number 7" not in page.get_text()
    assert "taken this comment off the log" in page.get_text()
    assert page.select_one(".figures dd").get_text() == "1"
    assert "number 7" not in client.get(f"{ADDRESS}comments.csv").content.decode()


# -- files -----------------------------------------------------------------------


def test_files_when_downloaded_then_the_frozen_numbers_and_comments(site, client):
    make_published(site, received_on=INSIDE, public_text="=cmd|' /C calc'!A0", response="We heard you.")
    make_frozen(site)
    rows = list(csv.reader(io.StringIO(client.get(f"{ADDRESS}numbers.csv").content.decode("utf-8-sig"))))
    assert rows[0] == ["Part", "What", "2024 to 2025", "2023 to 2024"]
    assert ["Comments", "Received", "1", ""] in rows
    comments = list(csv.reader(io.StringIO(client.get(f"{ADDRESS}comments.csv").content.decode("utf-8-sig"))))
    assert comments[1][4].startswith("'=")
    assert "We heard you." in comments[1][5]


@pytest.mark.parametrize(
    "address", [f"{ADDRESS}secret.csv", "/have-your-say/annual-report/1999-2000/numbers.csv"]
)
def test_files_when_there_is_no_such_report_or_part_then_not_found(site, client, address):
    make_frozen(site)
    assert client.get(address).status_code == 404


def test_files_when_only_drafted_then_not_found(site, client):
    make_draft(site)
    assert client.get(f"{ADDRESS}numbers.csv").status_code == 404


# -- pages -----------------------------------------------------------------------


def test_page_when_read_then_chart_and_table_say_the_same(site, client):
    make_published(site, received_on=INSIDE, topic=Topic.MISSING)
    make_published(site, received_on=INSIDE, topic=Topic.MISSING)
    make_published(site, received_on=INSIDE, topic=Topic.OTHER)
    make_round(site)
    make_frozen(site)
    response = client.get(ADDRESS)
    assert not response.cookies
    page = BeautifulSoup(response.content, "html.parser")
    bars = [value.get_text() for value in page.select("svg.chart .val")]
    cells = [row.select("td")[-1].get_text() for row in page.select("table tbody tr")][: len(bars)]
    assert bars == cells
    assert bars[:2] == ["2", "1"]
    assert "Autumn review" in page.get_text()
    assert page.find(style=True) is None


def test_index_when_there_are_years_then_each_is_linked_and_a_draft_is_not(site, client):
    make_frozen(site)
    make_draft(site, period=ReportPeriod.of_school_year(2023))
    html = client.get("/have-your-say/annual-report/").content.decode()
    assert ADDRESS in html
    assert "2023-2024" not in html
    assert "/have-your-say/annual-report/" in client.get("/").content.decode()


def test_due_when_a_report_was_published_then_counted_from_that_day(site):
    make_frozen(site)
    FrozenReport.objects.update(frozen_at=timezone.make_aware(timezone.datetime(2025, 10, 1, 10)))
    due = annual.due(site, date(2026, 11, 26))
    assert (due.by, due.state) == (date(2026, 10, 1), "overdue")


# -- admin -----------------------------------------------------------------------


def test_admin_when_an_editor_drafts_by_button_then_the_page_opens(site, client):
    client.force_login(make_writer())
    assert "There is no yearly report yet" in client.get(reverse("feedback_annual:index")).content.decode()
    response = client.post(reverse("feedback_annual:draft"), {"period": "2024-2025"}, follow=True)
    assert response.status_code == 200
    page = AnnualReportPage.objects.get()
    assert page.get_latest_revision().user.username == "writer"
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert client.post(reverse("feedback_annual:count", args=[page.pk])).status_code == 302
    assert page.revisions.count() == 2


def test_admin_when_a_publisher_presses_publish_then_told_why_not(site, client):
    page = make_draft(site)
    client.force_login(make_publisher())
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = client.post(edit, {**form_of(page), "action-publish": "1"}, follow=True)
    assert "somebody else approves it" in response.content.decode()
    assert not AnnualReportPage.objects.get(pk=page.pk).live


def test_admin_when_a_fixed_report_is_edited_then_refused_at_the_field(site, client):
    page = make_frozen(site)
    client.force_login(make_publisher("second"))
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = client.post(edit, {**form_of(page), "introduction": "Other words."}, follow=True)
    assert "This report is fixed" in response.content.decode()
    assert page.revisions.filter(content__introduction="Other words.").count() == 0


def test_admin_when_a_fixed_report_is_deleted_then_refused(site, client):
    page = make_frozen(site)
    client.force_login(make_writer("root2"))
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.create_superuser("root", "root@example.org", "x"))
    for doomed in (page, page.get_parent(), page.get_parent().get_parent()):
        response = client.post(reverse("wagtailadmin_pages:delete", args=[doomed.pk]), follow=True)
        assert "is kept" in response.content.decode()
    assert AnnualReportPage.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("more", [{"alias": "on"}, {"publish_copies": "on"}])
def test_admin_when_the_pages_around_a_report_are_copied_then_refused_in_words(site, admin_client, more):
    above = make_frozen(site).get_parent()
    copied = reverse("wagtailadmin_pages:copy", args=[above.pk])
    sent = {"new_title": "Again", "new_slug": "again", "new_parent_page": above.get_parent().pk, **more}
    answer = admin_client.post(copied, {**sent, "copy_subpages": "on"}, follow=True)
    assert answer.status_code == 200
    assert "a report is not copied" in answer.content.decode()
    assert AnnualReportPage.objects.count() == 1
    assert not Page.objects.filter(slug="again").exists()


def test_dashboard_when_no_report_was_made_then_says_what_the_law_asks(site, client):
    client.force_login(make_publisher())
    assert "There is no yearly report yet" in client.get("/admin/").content.decode()


def form_of(page: AnnualReportPage) -> dict[str, object]:
    """What the editor posts for this page."""
    return {
        "title": page.title,
        "slug": page.slug,
        "start": page.start.isoformat(),
        "end": page.end.isoformat(),
        "introduction": page.introduction,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        **{
            name: json.dumps({"blocks": [], "entityMap": {}})
            for name in ("engagement", "could_not", "next_steps", "correction")
        },
    }
