"""Many entries at once: the domain functions and the admin's bulk actions."""

import csv
import io
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from localoffer import spreadsheets
from search.models import IndexedDocument
from services import bulk, listing
from services.bulk import Changes, edit_many, publish_many, unpublish_many
from services.enums import ProviderType
from services.models import CostOption, Service
from tests.factories import make_category, make_location, make_need, make_organisation, make_service
from tests.memory import peak_of

pytestmark = pytest.mark.django_db
LIST = "/admin/services/service/"


def action(name: str, *services: Service, query: str = "") -> str:
    address = reverse("wagtail_bulk_action", args=["services", "service", name])
    ids = "&".join(f"id={service.pk}" for service in services)
    return f"{address}?{ids or query}&next={LIST}"


def messages_of(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.fixture
def officer(client, django_user_model, authority):
    """Somebody who may change services and not publish them."""
    user = django_user_model.objects.create_user("editor", "editor@example.org", "password")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "change_service", "view_service"])
    )
    client.force_login(user)
    return client


def test_edit_when_live_then_published_with_a_revision_a_log_line_and_the_index_told(
    authority, admin_user, django_capture_on_commit_callbacks
):
    services = [make_service(authority, name=name, needs=("HI",)) for name in "AB"]
    asd, hi, kind = make_need("ASD"), make_need("HI"), make_category("respite")
    changes = Changes(
        section="health",
        review_by=date(2027, 1, 5),
        add_needs=[asd],
        remove_needs=[hi],
        add_categories=[kind],
    )
    with django_capture_on_commit_callbacks(execute=True):
        outcome = edit_many(services=services, changes=changes, user=admin_user)
    assert [service.name for service in outcome.done] == ["A", "B"]
    for service in Service.objects.all():
        assert (service.section, service.review_by, service.live) == ("health", date(2027, 1, 5), True)
        assert list(service.needs.all()) == [asd]
        assert list(service.categories.all()) == [kind]
        assert not service.has_unpublished_changes
        assert service.get_latest_revision_as_object().section == "health"
        entry = ModelLogEntry.objects.for_instance(service).get(action=bulk.EDITED)
        assert (entry.user, entry.data["facts"]["needs"]) == (admin_user, ["ASD"])
    assert IndexedDocument.objects.count() == 2


def test_edit_when_nothing_differs_then_leaves_no_revision(authority):
    service = make_service(authority, section="health")
    outcome = edit_many(services=[service], changes=Changes(section="health"), user=None)
    assert outcome.same == [service]
    assert service.revisions.count() == 0


def test_edit_of_a_draft_when_changed_then_stays_off_the_site(authority):
    service = make_service(authority, live=False)
    edit_many(services=[service], changes=Changes(level="targeted"), user=None)
    service.refresh_from_db()
    assert (service.live, service.level) == (False, "targeted")
    assert service.get_latest_revision_as_object().level == "targeted"


def test_edit_when_locked_drafted_or_merged_then_is_left_alone_with_the_reason(
    authority, admin_user, django_user_model
):
    other = django_user_model.objects.create_user("other", "other@example.org", "password")
    locked, drafted, merged, fine = (make_service(authority, name=name) for name in "ABCD")
    Service.objects.filter(pk=locked.pk).update(locked=True, locked_by=other, locked_at=timezone.now())
    drafted.summary = "Half a sent"
    drafted.save_revision()
    Service.objects.filter(pk=merged.pk).update(merged_into=fine)
    outcome = edit_many(
        services=[locked, drafted, merged, fine], changes=Changes(level="universal"), user=admin_user
    )
    assert outcome.left == [(locked, bulk.LOCKED), (drafted, bulk.DRAFT), (merged, bulk.MERGED)]
    assert outcome.done == [fine]
    drafted.refresh_from_db()
    assert (drafted.level, drafted.summary) == ("", "")


def test_publish_when_it_says_enough_then_is_live_and_else_says_why_not(authority, admin_user):
    whole = make_service(authority, name="A", live=False)
    bare = make_service(authority, name="B", live=False)
    Service.objects.filter(pk=bare.pk).update(section="")
    there = make_service(authority, name="C")
    outcome = publish_many(services=[whole, bare, there], user=admin_user)
    assert (outcome.done, outcome.same) == ([whole], [there])
    assert outcome.left == [(bare, "look at section first")]
    whole.refresh_from_db()
    assert whole.live
    assert ModelLogEntry.objects.for_instance(whole).filter(action="wagtail.publish").exists()


def test_publish_when_a_newer_draft_is_there_then_that_is_published(authority):
    service = make_service(authority, name="Old", live=False)
    service.name = "New"
    service.save_revision()
    publish_many(services=[service], user=None)
    service.refresh_from_db()
    assert (service.name, service.live) == ("New", True)


def test_unpublish_when_live_then_leaves_the_site_and_the_index(
    authority, admin_user, django_capture_on_commit_callbacks
):
    service = make_service(authority)
    with django_capture_on_commit_callbacks(execute=True):
        edit_many(services=[service], changes=Changes(level="universal"), user=None)
    with django_capture_on_commit_callbacks(execute=True):
        unpublish_many(services=[service], user=admin_user)
    service.refresh_from_db()
    assert not service.live
    assert not IndexedDocument.objects.filter(removed=False).exists()
    assert ModelLogEntry.objects.for_instance(service).get(action="wagtail.unpublish").user == admin_user


def test_bulk_when_too_many_then_nothing_is_changed(authority, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 1)
    services = [make_service(authority) for _ in range(2)]
    with pytest.raises(ValidationError, match="at most"):
        unpublish_many(services=services, user=None)
    assert Service.objects.live().count() == 2


def test_bulk_when_one_fails_then_none_is_changed(authority, monkeypatch):
    services = [make_service(authority, name=name) for name in "AB"]
    real = Service.save_revision

    def fail(self, **kwargs):
        if self.name == "B":
            raise RuntimeError("broken")
        return real(self, **kwargs)

    monkeypatch.setattr(Service, "save_revision", fail)
    with pytest.raises(RuntimeError):
        edit_many(services=services, changes=Changes(section="health"), user=None)
    assert not Service.objects.filter(section="health").exists()


class TestAdmin:
    def test_actions_when_opened_then_ask_first(self, admin_client, authority):
        service = make_service(authority, name="Splash")
        for name, words in [("publish", "Publish"), ("unpublish", "Take down"), ("edit_many", "Change them")]:
            response = admin_client.get(action(name, service))
            assert response.status_code == 200
            html = response.content.decode()
            assert "Splash" in html
            assert words in html
        service.refresh_from_db()
        assert service.live

    def test_edit_when_posted_then_changes_and_says_how_many_and_what_was_left(self, admin_client, authority):
        need = make_need("ASD")
        fine, drafted = make_service(authority, name="Fine"), make_service(authority, name="Drafted")
        drafted.save_revision()
        Service.objects.filter(pk=drafted.pk).update(has_unpublished_changes=True)
        posted = {"section": "health", "add_needs": [need.pk]}
        response = admin_client.post(action("edit_many", fine, drafted), posted, follow=True)
        said = messages_of(response)
        assert "1 entry changed." in said
        assert "“Drafted”: a draft of it is waiting" in said
        fine.refresh_from_db()
        assert (fine.section, list(fine.needs.all())) == ("health", [need])

    @pytest.mark.parametrize(
        ("posted", "words"),
        [
            ({}, "Choose at least one thing to change."),
            ({"section": "nonsense"}, "Select a valid choice"),
            ({"review_by": "soon"}, "Enter a valid date"),
            ({"add_needs": ["x"]}, "is not a valid value"),
        ],
    )
    def test_edit_when_the_form_is_wrong_then_says_so_and_keeps_what_was_typed(
        self, admin_client, authority, posted, words
    ):
        service = make_service(authority)
        response = admin_client.post(action("edit_many", service), posted)
        assert response.status_code == 200
        assert words in response.content.decode()
        assert service.revisions.count() == 0

    def test_edit_when_one_need_is_added_and_taken_away_then_says_so(self, admin_client, authority):
        need = make_need()
        posted = {"add_needs": [need.pk], "remove_needs": [need.pk]}
        html = admin_client.post(action("edit_many", make_service(authority)), posted).content.decode()
        assert "You add and take away the same need." in html

    @pytest.mark.parametrize("name", ["publish", "unpublish", "edit_many"])
    def test_live_entry_when_the_officer_may_not_publish_then_is_refused(self, officer, authority, name):
        service = make_service(authority, live=name != "publish")
        html = officer.get(action(name, service)).content.decode()
        assert "You do not have the right" in html
        officer.post(action(name, service), {"section": "health"})
        before, service = service, Service.objects.get(pk=service.pk)
        assert (service.live, service.section) == (before.live, before.section)

    def test_draft_when_the_officer_may_change_it_then_is_changed(self, officer, authority):
        service = make_service(authority, live=False)
        officer.post(action("edit_many", service), {"section": "health"})
        service.refresh_from_db()
        assert (service.section, service.live) == ("health", False)

    def test_every_entry_of_a_filtered_list_when_chosen_then_only_those(self, admin_client, authority):
        inside, outside = (
            make_service(authority, section="health"),
            make_service(authority, section="transport"),
        )
        address = reverse("wagtail_bulk_action", args=["services", "service", "unpublish"])
        admin_client.post(f"{address}?id=all&next={LIST}%3Fsection%3Dhealth")
        inside.refresh_from_db()
        outside.refresh_from_db()
        assert (inside.live, outside.live) == (False, True)

    @pytest.mark.parametrize("ids", ["id=x", "id=999999", "id=-1", "id=%F0%9F%91%A9", "", "id=" + "9" * 60])
    def test_actions_when_ids_are_nonsense_then_nothing_fails(self, admin_client, authority, ids):
        address = reverse("wagtail_bulk_action", args=["services", "service", "unpublish"])
        assert admin_client.get(f"{address}?{ids}&next={LIST}").status_code in {200, 302, 404}

    def test_list_when_read_then_offers_the_actions(self, admin_client, authority):
        make_service(authority)
        html = admin_client.get(LIST).content.decode()
        for words in ("Publish the chosen services", "Take the chosen services off the site", "Change facts"):
            assert words in html


class TestFilters:
    def names(self, client, **query: object) -> list[str]:
        return [row.name for row in client.get(LIST, query).context["object_list"]]

    def test_list_when_filtered_by_what_is_missing_then_holds_those(self, admin_client, authority):
        make_service(authority, name="A", summary="Known.", waiting_weeks=3)
        make_service(authority, name="B", summary="Known.")
        make_service(authority, name="C", organisation=make_organisation(authority, name="Rowan CIO"))
        assert self.names(admin_client, missing=["summary"]) == ["C"]
        assert self.names(admin_client, missing=["waiting_time"]) == ["B", "C"]
        assert self.names(admin_client, complete="no") == ["A", "B", "C"]
        assert self.names(admin_client, complete="yes") == []
        assert self.names(admin_client, provider="rowan") == ["C"]


class TestExport:
    def test_csv_when_downloaded_then_has_the_filtered_rows_and_no_formula(self, admin_client, authority):
        provider = make_organisation(
            authority, name="=cmd|' /C calc'!A0", provider_type=ProviderType.CHILDMINDER
        )
        place = make_location(
            authority, name="Home", address_1="9 Secret Lane", postcode="BS5 6RJ", address_hidden=True
        )
        service = make_service(
            authority, name="@SUM(1)", organisation=provider, section="health", locations=(place,)
        )
        service.costs = [CostOption(kind="not_stated")]
        service.save()
        make_service(authority, name="Other")
        response = admin_client.get(LIST, {"export": "csv", "section": "health"})
        text = response.getvalue().decode("utf-8-sig")
        heading, row = csv.reader(io.StringIO(text))
        cells = dict(zip(heading, row, strict=True))
        assert cells["Name"] == "'@SUM(1)"
        assert cells["Provider"].startswith("'=cmd")
        assert (cells["Cost"], cells["Places"]) == ("Not stated", "Near BS5")
        assert int(cells["Complete, %"]) < 60
        assert "how to get it" in cells["Missing"]
        assert "Secret" not in text

    def test_xlsx_when_downloaded_then_every_cell_is_a_value(self, admin_client, authority):
        make_service(authority, name="=1+1")
        response = admin_client.get(LIST, {"export": "xlsx"})
        [_, row] = load_workbook(io.BytesIO(response.getvalue())).active.iter_rows()
        assert row[1].value == "'=1+1"
        assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n"}

    def test_export_when_there_are_more_rows_then_costs_no_more_queries_a_chunk(
        self, admin_client, authority, django_assert_max_num_queries
    ):
        for _ in range(12):
            make_service(
                authority, organisation=make_organisation(authority), locations=(make_location(authority),)
            )
        admin_client.get(LIST, {"export": "csv"})
        with django_assert_max_num_queries(22):
            admin_client.get(LIST, {"export": "csv"})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_list_when_taken_as_a_file_then_no_page_is_made_that_would_hold_every_row(
    admin_client, authority, monkeypatch, kind
):
    make_service(authority, name="Swim club")

    def hold_every_row(view, **kwargs):
        raise AssertionError("the page of the list was made for a file")

    monkeypatch.setattr("services.viewsets.ServiceIndexView.get_context_data", hold_every_row)
    response = admin_client.get(LIST, {"export": kind})
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="services.{kind}"'


def names_in(response, kind: str) -> list[str]:
    body = response.getvalue()
    if kind == "csv":
        return [row["Name"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))]
    _, *rows = load_workbook(io.BytesIO(body)).active.values
    return [row[1] for row in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("few", [2, 500])
def test_list_when_taken_in_pieces_then_the_rows_and_order_of_the_list(
    admin_client, authority, monkeypatch, kind, few
):
    monkeypatch.setattr(listing, "CHUNK", few)
    monkeypatch.setattr(spreadsheets, "CHUNK", few)
    for n, name in enumerate(("Art", "Boxing", "Chess", "Drama", "Art", "Elsewhere")):
        section = "health" if name == "Elsewhere" else "social_care"
        make_service(authority, name=name, section=section, review_by=date(2027, 1, 9 - n))
    asked = {"export": kind, "section": "social_care"}
    assert names_in(admin_client.get(LIST, asked), kind) == ["Art", "Art", "Boxing", "Chess", "Drama"]
    asked |= {"ordering": "-name"}
    assert names_in(admin_client.get(LIST, asked), kind) == ["Drama", "Chess", "Boxing", "Art", "Art"]
    asked |= {"ordering": "review_by"}
    assert names_in(admin_client.get(LIST, asked), kind) == ["Art", "Drama", "Chess", "Boxing", "Art"]
    assert names_in(admin_client.get(LIST, asked | {"q": "ss"}), kind) == ["Chess"]
    assert names_in(admin_client.get(LIST, asked | {"q": "none of these"}), kind) == []


def test_list_when_one_is_deleted_while_it_is_taken_then_the_others_are_there(authority, monkeypatch):
    monkeypatch.setattr(listing, "CHUNK", 1)
    services = [make_service(authority, name=name) for name in "ABC"]
    rows = listing.rows(Service.objects.order_by("name"))
    assert next(rows)[1] == "A"
    services[1].delete()
    assert [row[1] for row in rows] == ["C"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_list_when_four_times_as_long_then_no_more_is_held(admin_client, authority, monkeypatch, kind):
    monkeypatch.setattr(listing, "CHUNK", 15)
    monkeypatch.setattr(spreadsheets, "CHUNK", 15)
    provider, words = make_organisation(authority), "Help. " * 1_500

    def take(more: int) -> int:
        first = Service.objects.count()
        Service.objects.bulk_create(
            Service(
                authority=authority,
                organisation=provider,
                name=f"Club {n} {words[:120]}",
                slug=f"club-{n}",
                section="health",
                description=words,
                last_checked_by=words[:90],
            )  # fmt: skip
            for n in range(first, first + more)
        )

        def work() -> None:
            response = admin_client.get(LIST, {"export": kind})
            assert sum(map(len, response.streaming_content)) > 100

        return peak_of(work)

    take(15)  # what is read once and kept for ever
    few = take(45)
    many = take(180)
    assert (many - few) / 180 < 1_000  # bytes a row, of the nine thousand that each is
