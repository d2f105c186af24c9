"""Coverage in the admin: filter, export, sign off, dashboard."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from localoffer.founding import make_groups
from localoffer.models import CoverageSnapshot, SignOff
from localoffer.regulations import Section
from localoffer.spreadsheets import csv_response, safe_cell
from services.models import Service
from tests.factories import answer_block, make_home, make_organisation, make_section, make_service, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    home = make_home()
    make_section(
        Section.HEALTH, home=home, answers=[answer_block("health.urgent"), answer_block("health.therapies")]
    )
    return home


@pytest.fixture
def publisher(client):
    make_groups()
    user = make_user("publisher", groups=["Council publisher"])
    client.force_login(user)
    return user


def test_report_when_filtered_then_only_what_was_asked_and_links_to_mend(client, home, admin_user):
    client.force_login(admin_user)
    html = client.get(reverse("coverage_report"), {"section": "transport"}).content.decode()
    assert "How can my child get to school" in html
    assert "Who do we call in an emergency" not in html
    assert reverse("wagtailadmin_pages:add", args=["localoffer", "transportpage", home.pk]) in html
    html = client.get(reverse("coverage_report"), {"section": "health", "status": "met"}).content.decode()
    page = home.get_children().get()
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in html
    assert "1 question<" in html


def test_report_when_an_answer_is_late_then_the_link_leads_to_its_own_block(client, admin_user):
    late = answer_block("health.urgent", review_by=timezone.localdate() - timedelta(days=1))
    page = make_section(Section.HEALTH, home=make_home(), answers=[answer_block("health.therapies"), late])
    client.force_login(admin_user)
    block = next(one for one in page.answers if one.value["requirement"] == "health.urgent")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    told = client.get(reverse("coverage_report")).content.decode()
    assert f"{edit}#block-{block.id}-section" in told


def test_report_when_only_the_directory_is_weak_then_the_link_lists_what_would_mend_it(client, admin_user):
    site = make_home().get_site()
    make_section(Section.EDUCATION, home=site.root_page.specific)
    school = make_organisation(site, provider_type="academy")
    make_service(site, name="Silent school", organisation=school)
    make_service(site, name="Open school", organisation=school, practice_teaching="We teach in small steps.")
    make_service(site, name="Swimming club")
    client.force_login(admin_user)
    address = reverse("wagtailsnippets_services_service:list") + "?law=practice.teaching"
    Service.objects.filter(name="Open school").update(practice_teaching="")
    assert address in client.get(reverse("coverage_report")).content.decode()
    Service.objects.filter(name="Open school").update(practice_teaching="We teach in small steps.")
    listed = client.get(address).content.decode()
    assert "Silent school" in listed
    assert "Open school" not in listed
    assert "Swimming club" not in listed


def test_report_when_filter_is_nonsense_then_everything(client, home, admin_user):
    client.force_login(admin_user)
    assert "67 questions" in client.get(reverse("coverage_report"), {"section": "'; --"}).content.decode()


def test_export_when_asked_then_the_same_rows_in_both_formats(client, home, admin_user):
    client.force_login(admin_user)
    csv = client.get(reverse("coverage_report"), {"export": "csv", "section": "health"})
    assert csv.getvalue().decode("utf-8-sig").count("\n") == 9
    xlsx = client.get(reverse("coverage_report"), {"export": "xlsx", "section": "health"})
    sheet = load_workbook(BytesIO(xlsx.getvalue())).active
    assert sheet.max_row == 9
    assert sheet["C2"].value.startswith("health.")


def test_sign_off_when_allowed_then_green(client, home, publisher):
    client.post(
        reverse("sign_requirement", args=["health.urgent"]), {"name": "Jo, offer manager", "note": "ok"}
    )
    signature = SignOff.objects.get()
    assert (signature.requirement, signature.name, signature.signed_by) == (
        "health.urgent",
        "Jo, offer manager",
        publisher,
    )


def test_sign_off_when_not_met_then_refused_with_the_status(client, home, publisher):
    answer = client.post(
        reverse("sign_requirement", args=["health.complex"]), {"name": "Jo, offer manager"}, follow=True
    )
    assert "Not signed off: missing. Mend it first." in answer.content.decode()
    assert not SignOff.objects.exists()


def test_sign_off_when_nameless_or_unknown_then_nothing_kept(client, home, publisher):
    client.post(reverse("sign_requirement", args=["health.urgent"]), {"name": " "})
    assert client.post(reverse("sign_requirement", args=["no.such"]), {"name": "Jo"}).status_code == 404
    assert not SignOff.objects.exists()


def test_sign_off_when_a_viewer_then_refused(client, home):
    make_groups()
    client.force_login(make_user("viewer", groups=["Viewer"]))
    assert client.get(reverse("coverage_report")).status_code == 200
    client.post(reverse("sign_requirement", args=["health.urgent"]), {"name": "Jo"})
    assert not SignOff.objects.exists()


def test_dashboard_when_opened_then_links_to_what_is_missing(client, home, admin_user):
    client.force_login(admin_user)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Coverage of the law" in html
    assert reverse("wagtailadmin_pages:add", args=["localoffer", "educationpage", home.pk]) in html


def test_dashboard_when_scores_were_kept_then_says_how_it_was_a_month_and_a_year_ago(
    client, home, admin_user
):
    client.force_login(admin_user)
    address = reverse("wagtailadmin_home")
    assert "It was" not in client.get(address).content.decode()
    today = timezone.localdate()
    for days, score in ((3, 11), (31, 22), (90, 33), (370, 44)):
        CoverageSnapshot.objects.create(
            authority=home.get_site(),
            taken_on=today - timedelta(days=days),
            statutory_score=score,
            statuses={},
        )
    html = client.get(address).content.decode()
    assert [score for score in (11, 22, 33, 44) if f"It was {score}% on" in html] == [22, 44]


def test_groups_when_made_twice_then_kept_as_staff_left_them():
    make_groups()
    Group.objects.get(name="Viewer").permissions.clear()
    make_groups()
    assert not Group.objects.get(name="Viewer").permissions.exists()
    editor = Group.objects.get(name="Council editor")
    assert editor.permissions.filter(codename="change_service").exists()
    assert not editor.permissions.filter(codename="publish_service").exists()


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@cmd", "\t=1", "  =1", "=cmd|' /C calc'!A0"])
def test_cell_when_it_would_run_then_disarmed(text):
    assert safe_cell(text).startswith("'")
    assert (
        csv_response("x", ["a"], [[text]]).content.decode("utf-8-sig").splitlines()[1].lstrip('"')[0] == "'"
    )


def test_cell_when_plain_then_kept():
    assert [safe_cell(v) for v in ("Oak School", 3, None, 1.5)] == ["Oak School", 3, "", 1.5]


def test_report_when_a_past_day_is_asked_then_pages_of_that_day(client, home, admin_user):
    client.force_login(admin_user)
    page = home.get_children().get().specific
    page.save_revision().publish()
    before = timezone.localdate() - timedelta(days=30)
    html = client.get(
        reverse("coverage_report"), {"on": before.isoformat(), "section": "health"}
    ).content.decode()
    assert "This is the past." in html
    assert "Sign off</summary>" not in html
    assert "No answer on a live page" in html
    for nonsense in ("2999-01-01", "yesterday", ""):
        html = client.get(reverse("coverage_report"), {"on": nonsense}).content.decode()
        assert "This is the past." not in html
