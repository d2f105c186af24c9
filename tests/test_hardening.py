"""Attempts to break in, kept: each of these once did harm, or would if a guard went."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.documents.models import Document
from wagtail.models import Page, PageViewRestriction

from feedback import moderation, submission, useful
from feedback.models import Comment, Gap, UsefulCount
from localoffer import sharing
from localoffer.founding import make_groups
from localoffer.models import Audience, FormatRequest
from localoffer.regulations import Section
from localoffer.spreadsheets import csv_response, xlsx_response
from search.models import SearchCount
from services import review_links
from services.models import Contact, Location, Organisation, Service, ServiceLocation
from services.permissions import DeletedWhenDown
from tests.factories import (
    make_action,
    make_authority,
    make_comment,
    make_home,
    make_location,
    make_organisation,
    make_published,
    make_section,
    make_service,
    make_term,
    make_user,
    moderator_of,
)
from tests.services.currency import make_suggestion
from tests.test_isolation import PLAIN

pytestmark = pytest.mark.django_db
PAYLOADS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\xa0=1")


def staff(*groups: str) -> Client:
    make_groups()
    client = Client()
    client.force_login(make_user(groups[0].replace(" ", "-").lower(), groups=list(groups)))
    return client


# -- files that a spreadsheet opens --------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS)
def test_download_when_a_cell_would_run_then_it_is_text(payload):
    text = csv_response("x", ["a"], [[payload]]).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1][0].startswith("'")
    book = load_workbook(io.BytesIO(xlsx_response("x", ["a"], [[payload]]).getvalue()))
    assert book.active["A2"].data_type == "s"
    assert book.active["A2"].value.startswith("'")


def test_download_when_a_cell_holds_what_xml_cannot_then_it_is_written_without():
    book = load_workbook(io.BytesIO(xlsx_response("x", ["a"], [["a\x0b\ufffe\uffffb"]]).getvalue()))
    assert book.active["A2"].value == "ab"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_format_requests_when_exported_then_what_anybody_typed_does_not_run(kind):
    site = make_home().get_site()
    FormatRequest.objects.create(
        authority=site, page_wanted='=HYPERLINK("http://evil.example","x")', format="large_print"
    )
    address = reverse("wagtailsnippets_localoffer_formatrequest:list")
    response = staff("Council editor").get(address, {"export": kind})
    content = response.getvalue()
    if kind == "csv":
        cells = [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        cells = [str(cell.value) for row in sheet for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)


# -- what not every member of staff may read ------------------------------------------------


@pytest.mark.parametrize("group", ["Forum editor", "Comment moderator"])
@pytest.mark.parametrize("view", ["choose", "choose_results", "chosen", "chosen_multiple"])
def test_chooser_of_places_when_asked_without_the_right_then_no_hidden_address(group, view):
    site = make_home().get_site()
    place = make_location(site, name="The refuge", address_1="12 Secret Street", address_hidden=True)
    args = [place.pk] if view == "chosen" else []
    address = reverse(f"wagtailsnippetchoosers_services_location:{view}", args=args)
    response = staff(group).get(address, {"id": place.pk} if view == "chosen_multiple" else {})
    assert response.status_code in (302, 403)
    assert "Secret" not in response.content.decode()
    seen = staff("Council editor").get(address, {"id": place.pk} if view == "chosen_multiple" else {})
    assert "Secret" in seen.content.decode()


@pytest.mark.parametrize("make", [make_location, make_organisation])
def test_deleting_when_asked_without_the_right_then_the_answer_does_not_name_it(make):
    site = make_home().get_site()
    made = make(site, name="Secret refuge")
    is_place = isinstance(made, Location)
    make_service(site, **({"locations": (made,)} if is_place else {"organisation": made}))
    address = reverse(f"wagtailsnippets_services_{made._meta.model_name}:delete", args=[made.pk])
    response = staff("Forum editor").post(address, follow=True)
    assert "Secret refuge" not in response.content.decode()
    assert (Location if is_place else Organisation).objects.filter(pk=made.pk).exists()
    assert "Secret refuge" in staff("Council editor").post(address, follow=True).content.decode()


def test_deleting_when_the_entry_is_live_then_only_for_those_who_publish():
    service = make_service(make_home().get_site())
    address = reverse("wagtailsnippets_services_service:delete", args=[service.pk])
    editor = staff("Council editor")
    assert editor.post(address).status_code == 302
    assert Service.objects.filter(pk=service.pk, live=True).exists()
    bulk = reverse("wagtail_bulk_action", args=["services", "service", "delete"])
    editor.post(f"{bulk}?id={service.pk}")
    assert Service.objects.filter(pk=service.pk).exists()
    Service.objects.filter(pk=service.pk).update(live=False)
    assert DeletedWhenDown(Service).user_has_permission_for_instance(
        make_user("other", groups=["Council editor"]), "delete", Service.objects.get(pk=service.pk)
    )
    editor.post(address)
    assert not Service.objects.filter(pk=service.pk).exists()


def test_deleting_when_asked_by_a_publisher_then_a_live_entry_goes():
    service = make_service(make_home().get_site())
    address = reverse("wagtailsnippets_services_service:delete", args=[service.pk])
    staff("Council publisher").post(address)
    assert not Service.objects.filter(pk=service.pk).exists()


# -- what is kept back from families ---------------------------------------------------------


def test_coverage_when_a_section_is_private_then_it_answers_nothing_and_is_not_named(client):
    home = make_home()
    page = make_section(Section.SOCIAL_CARE, home=home, slug="secret-part", title="Secret part")
    assert "secret-part" in client.get("/coverage.json").content.decode()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    for address in ("/coverage.json", "/coverage/"):
        told = client.get(address).content.decode()
        assert "secret-part" not in told
        assert "Secret part" not in told


# -- tokens --------------------------------------------------------------------------------


def test_tokens_when_made_for_one_thing_then_they_open_no_other(client):
    comment = make_comment(make_home().get_site())
    seal = submission.seal(comment.reference)
    assert not submission.read_token(seal).is_fresh
    assert submission.unseal(submission.new_token()) == ""
    with pytest.raises(sharing.LinkEnded):
        sharing.opened(seal)
    assert review_links.open_link(seal).link is None
    assert review_links.open_link(useful.sign("/x/")).link is None
    assert not useful.is_ours("/x/", seal)
    for forged in (signing.dumps(comment.reference), seal[:-1], comment.reference, ""):
        assert submission.unseal(forged) == ""
    assert client.get(reverse("feedback:sent", args=[seal])).status_code == 200


def test_useful_when_a_signature_is_of_another_address_then_nothing_is_counted():
    assert useful.is_ours("/a/", useful.sign("/a/"))
    assert not useful.is_ours("/b/", useful.sign("/a/"))
    assert not useful.is_ours("/a/:x", useful.sign("/a/"))


def test_comment_when_asked_for_by_its_number_elsewhere_then_it_is_not_there():
    make_home()
    other = make_authority("Otherton", "otherton.example")
    comment = make_comment(other, text="Mine alone")
    assert Client().get(reverse("feedback:log_entry", args=[comment.reference])).status_code == 404
    assert (
        Client().get(reverse("feedback:sent", args=[submission.seal(comment.reference)])).status_code == 404
    )


def test_comment_when_posted_with_fields_of_staff_then_they_are_passed_over(client):
    make_home()
    given = {
        "go": "send",
        "role": "parent_carer",
        "topic": "other",
        "text": "The bus is late.",
        "consent": "publish",
        "token": submission.new_token(),
        "disposition": "published",
        "public_text": "<b>I say so</b>",
        "published_on": "2026-01-01",
        "response": "Yes",
        "assigned_to": "1",
    }
    client.post(reverse("feedback:comment"), given)
    kept = Comment.objects.get()
    assert (kept.public_text, kept.published_on, kept.response, kept.assigned_to) == ("", None, "", None)
    assert kept.is_pending


# -- feeds and files --------------------------------------------------------------------------


def test_feed_when_a_name_holds_what_xml_cannot_then_it_still_answers(client):
    site = make_home().get_site()
    provider = make_organisation(site, name="Org\x0b")
    make_service(site, name="Swim\x0bming \x1b", summary="A\x0cB", organisation=provider)
    response = client.get("/services/changes.atom")
    assert response.status_code == 200
    assert "Swimming" in response.content.decode()


def test_picture_when_its_name_is_too_long_for_a_disk_then_not_found(client):
    assert client.get(f"/media/images/{'a' * 5000}").status_code == 404
    for address in (
        "/media/images/../../localoffer.sqlite3",
        "/media/images/%2e%2e/%2e%2e/localoffer.sqlite3",
    ):
        assert client.get(address).status_code in (400, 404)


# -- the host and where a link leads -----------------------------------------------------------


def test_host_when_it_is_not_ours_then_refused(client):
    make_home()
    for address in ("/", "/services/changes.atom", "/have-your-say/comments.atom", "/robots.txt"):
        assert client.get(address, headers={"host": "evil.example"}).status_code == 400
        told = client.get(address, headers={"x-forwarded-host": "evil.example"})
        assert "evil.example" not in told.content.decode()


@pytest.mark.parametrize(
    "away", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"]
)
def test_way_back_when_it_leads_to_another_site_then_it_is_no_link(client, away):
    make_home()
    for address, name in (("useful_thanks", "about"), ("comment", "about")):
        told = client.get(reverse(f"feedback:{address}"), {name: away}).content.decode()
        assert f'href="{away}' not in told
    sent = client.post(
        reverse("feedback:was_useful"), {"about": away, "seal": useful.sign(away), "said": "yes"}
    )
    assert "evil" not in sent["Location"]
    assert "javascript" not in sent["Location"]


# -- what a form or an address may hold ---------------------------------------------------------


@pytest.mark.parametrize("address", ["/as-of/2026-01-01/%00/", "/%00/", "/services/99999999999999999999/"])
def test_comment_when_it_is_about_an_address_that_no_database_takes_then_the_form_still_opens(
    client, address
):
    make_home()
    for page in (reverse("feedback:comment"), reverse("feedback:young")):
        assert client.get(page, {"about": address}).status_code == 200
        assert client.post(page, {"about": address, "go": "next"}).status_code == 200


def test_staff_entry_when_the_address_is_none_then_the_form_says_so():
    site = make_home().get_site()
    client = staff("Comment moderator")
    given = {"about_address": "http://[::1", "authority": site.pk, "original": "The bus is late."}
    told = client.post(reverse("feedback_comments:add"), given)
    assert told.status_code == 200
    assert "There is no such page or service" in told.content.decode()


@pytest.mark.parametrize("searches", ["99999999999999999999999", "-1"])
def test_gap_when_a_number_is_too_large_for_a_database_then_refused_in_words(searches):
    make_home()
    address = reverse("failed_search_gap")
    told = staff("Council publisher").post(address, {"words": "boccia", "searches": searches}, follow=True)
    assert "Not noted" in told.content.decode()
    assert not Gap.objects.exists()


@pytest.mark.parametrize("forged", ["https://exa mple", "\x00", "99999999999999999999999"])
def test_wagtails_form_when_a_key_is_no_number_then_refused_in_words(admin_client, forged):
    make_home()
    admin_client.raise_request_exception = False
    given = {
        "name": "Flow", "active": "on",
        "workflow_tasks-TOTAL_FORMS": "0", "workflow_tasks-INITIAL_FORMS": "0",
        "pages-TOTAL_FORMS": "1", "pages-INITIAL_FORMS": "0", "pages-0-page": forged,
    }  # fmt: skip
    answer = admin_client.post(reverse("wagtailadmin_workflows:add"), given)
    assert answer.status_code in (200, 400)


# -- bodies ---------------------------------------------------------------------------------------

HUGE = 40 * 1024 * 1024


@pytest.mark.parametrize("address", ["/have-your-say/", "/services/", "/admin/login/", "/nowhere/"])
def test_body_when_it_is_larger_than_any_form_then_refused_unread(client, address):
    make_home()
    answer = client.post(
        address, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(HUGE)
    )
    assert answer.status_code == 413
    assert "Nothing was saved" in answer.content.decode()


@pytest.mark.parametrize("said", ["-5", "1e9", "\u0663", "", "9" * 400])
def test_body_when_its_size_is_no_number_then_the_site_still_answers(client, said):
    make_home()
    client.raise_request_exception = False
    assert client.get("/services/", CONTENT_LENGTH=said).status_code < 500


def test_body_when_staff_send_a_film_then_it_is_read(admin_client):
    make_home()
    film = SimpleUploadedFile("a.mp4", b"\x00\x00\x00\x20ftypisom" + b"x" * 6 * 1024 * 1024)
    answer = admin_client.post(reverse("wagtaildocs:add"), {"title": "A film", "file": film})
    assert answer.status_code == 302
    assert Document.objects.filter(title="A film").exists()


# -- words that would run in a browser -----------------------------------------------------------

SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


def test_words_when_they_hold_markup_then_no_page_runs_it(client):
    site = make_home().get_site()
    service = make_service(
        site, name=f"Swim {SCRIPT}", summary=SCRIPT, url="https://example.org/?\"'><script>"
    )
    comment = make_published(site, public_text=f"We said {SCRIPT}", heading=SCRIPT[:60])
    pages = (
        service.get_absolute_url(),
        "/services/",
        "/services/?q=swim",
        f"/services/?q={SCRIPT}",
        "/services/suggest/?q=swim",
        "/have-your-say/comments/",
        f"/have-your-say/comments/{comment.reference}/",
        f"/have-your-say/comments/?q={SCRIPT}",
        "/services/changes.atom",
        "/have-your-say/comments.atom",
    )
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        told = response.content.decode()
        assert "<script>alert" not in told, page
        assert "<img src=x" not in told, page
        if "html" in response["Content-Type"]:
            policy = response["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "default-src 'self'" in policy
    assert not Page.objects.filter(title__contains="<script>").exists()


# -- rows inside a form ---------------------------------------------------------------------------

PARTS = ("service_locations", "contacts", "costs", "schedules")


def service_form(service, **changed):
    """What the form of an entry sends, with no rows but those of `changed`."""
    sent = {"name": service.name, "section": service.section, "scope": service.scope, "conditions": ""}
    for part in PARTS:
        sent |= {f"{part}-TOTAL_FORMS": "0", f"{part}-INITIAL_FORMS": "0"}
    return sent | changed


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("forged", ["abc", "\x00", None])
def test_row_when_its_number_is_none_or_left_out_then_the_form_is_refused_in_words(part, forged):
    service = make_service(make_home().get_site())
    rows = {f"{part}-TOTAL_FORMS": "1", f"{part}-INITIAL_FORMS": "1"}
    rows |= {f"{part}-0-id": forged} if forged is not None else {}
    address = reverse("wagtailsnippets_services_service:edit", args=[service.pk])
    sent = service_form(service, name="Changed", **rows)
    answer = staff("Council publisher").post(address, {**sent, "action-publish": "1"})
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.content.decode()
    assert "Changed" in answer.content.decode()
    service.refresh_from_db()
    assert service.name != "Changed"
    assert service.latest_revision is None


def test_row_when_its_number_is_of_another_entry_then_that_entry_keeps_it():
    site = make_home().get_site()
    mine, other = make_service(site), make_service(site)
    row = Contact.objects.create(service=other, role="Head", phone="0117 496 0001")
    rows = {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1", "contacts-0-id": str(row.pk)}
    rows |= {"contacts-0-role": "Thief", "contacts-0-phone": "0117 496 0002", "contacts-0-email": ""}
    address = reverse("wagtailsnippets_services_service:edit", args=[mine.pk])
    staff("Council publisher").post(address, {**service_form(mine, **rows), "action-publish": "1"})
    row.refresh_from_db()
    assert (row.service, row.role) == (other, "Head")


@pytest.mark.parametrize("saved", [{}, {"action-publish": "1"}])
def test_row_when_a_colleague_has_just_added_the_same_then_the_form_says_so_and_keeps_what_was_typed(saved):
    site = make_home().get_site()
    service, place = make_service(site), make_location(site, name="Harbour Hall")
    client = staff("Council publisher")
    address = reverse("wagtailsnippets_services_service:edit", args=[service.pk])
    ServiceLocation.objects.create(service=service, location=place)
    rows = {"service_locations-TOTAL_FORMS": "1", "service_locations-INITIAL_FORMS": "0"}
    rows["service_locations-0-location"] = str(place.pk)
    answer = client.post(address, {**service_form(service, name="Typed", **rows), **saved})
    assert answer.status_code == 200
    assert "is on this already. Somebody added it" in answer.content.decode()
    assert "Typed" in answer.content.decode()
    assert ServiceLocation.objects.count() == 1
    assert Service.objects.get(pk=service.pk).latest_revision is None


def test_name_when_it_is_taken_and_the_form_does_not_ask_whose_it_is_then_refused_in_words():
    site = make_home().get_site()
    held = Audience.objects.create(authority=site, name="Scrutiny", every_months=6, first_due="2026-12-01")
    client = staff("Council publisher")
    sent = {"name": held.name, "every_months": "6", "first_due": "2026-12-01", "authority": str(site.pk)}
    answer = client.post(reverse("wagtailsnippets_localoffer_audience:add"), sent)
    assert answer.status_code in (200, 409)
    assert Audience.objects.count() == 1


# -- every list as a file -------------------------------------------------------------------------

FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lists_when_taken_as_files_then_no_cell_runs_whoever_wrote_it(kind):
    site = make_home().get_site()
    by = moderator_of(site)
    provider = make_organisation(site, name=FORMULA)
    place = make_location(site, name=FORMULA, address_1=FORMULA)
    service = make_service(
        site, name=FORMULA, summary=FORMULA, organisation=provider, locations=(place,), complaints=FORMULA
    )
    Contact.objects.create(service=service, role=FORMULA, phone="0117 496 0000")
    action = make_action(site, title=FORMULA, you_said=FORMULA, response=FORMULA, owner_role=FORMULA)
    make_published(site, text=FORMULA, public_text=FORMULA, heading=FORMULA, response=FORMULA, action=action)
    held = make_comment(site, text=FORMULA)
    moderation.withhold(comment=held, by=by, version=held.version, ground="spam", reason=FORMULA)
    Gap.objects.create(authority=site, key="x", title=FORMULA)
    today = timezone.localdate()
    SearchCount.objects.create(authority=site, day=today, words=FORMULA, searches=40, failed=40)
    UsefulCount.objects.create(
        authority=site, month=today.replace(day=1), path="/x/", title=FORMULA, yes=50, no=20
    )
    FormatRequest.objects.create(authority=site, page_wanted=FORMULA, format="large_print", note=FORMULA)
    make_term(FORMULA, site, plain_meaning=FORMULA)
    make_suggestion(service, summary=f"{FORMULA} new")
    client = Client()
    client.force_login(make_user("everything", is_superuser=True))
    ran, held_by = [], 0
    for where in (*PLAIN, "../have-your-say/comments.csv", "../services/data/open-data/"):
        answer = client.get(f"/{where.removeprefix('../')}", {"export": kind, "format": kind})
        if "csv" not in answer["Content-Type"] and "sheet" not in answer["Content-Type"]:
            continue
        cells = _cells(answer.getvalue(), "csv" if "csv" in answer["Content-Type"] else "xlsx")
        held_by += any("HYPERLINK" in cell for cell in cells)
        ran += [(where, cell[:40]) for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert not ran, ran
    assert held_by > 5


def _cells(content, kind):
    if kind == "csv":
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        return [cell for row in csv.reader(text) for cell in row]
    book = load_workbook(io.BytesIO(content))
    return [str(cell.value) for sheet in book for row in sheet for cell in row if cell.data_type != "n"]


# -- fields that a form does not ask for ----------------------------------------------------------


RIGHTS = ("is_superuser", "is_staff", "groups", "user_permissions")


def test_account_when_rights_are_sent_along_then_nobody_gives_them_to_oneself():
    make_home()
    client = staff("Viewer")
    page = client.get(reverse("wagtailadmin_account"))
    sent = {}
    for panel in [one for panels in page.context["panels_by_tab"].values() for one in panels]:
        form = panel.get_form()
        sent |= {form.add_prefix(name): form[name].value() or "" for name in form.fields}
        sent |= {
            form.add_prefix(name): "1" for name in ("is_superuser", "is_staff", "groups", "user_permissions")
        }
    sent |= {"is_superuser": "on", "is_staff": "on", "groups": "1"}
    assert client.post(reverse("wagtailadmin_account"), sent).status_code in (200, 302)
    person = get_user_model().objects.get(username="viewer")
    assert not person.is_superuser
    assert not person.is_staff
    assert [group.name for group in person.groups.all()] == ["Viewer"]
    assert not person.user_permissions.exists()
