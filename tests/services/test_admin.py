"""The directory in the Wagtail admin."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    Revision,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from services.assurance import confirm
from services.enums import CostKind, ProviderType, Scope, SessionWhen
from services.models import Category, Contact, Location, Need, Organisation, Service, VocabularyTerm
from tests.factories import (
    make_authority,
    make_category,
    make_location,
    make_need,
    make_organisation,
    make_service,
)

pytestmark = pytest.mark.django_db


def url(name: str, *args: object, model: str = "service") -> str:
    return reverse(f"wagtailsnippets_services_{model}:{name}", args=args)


def make_terms() -> None:
    for kind, key in [("delivery", "in_person"), ("access_route", "parent"), ("language", "english")]:
        VocabularyTerm.objects.get_or_create(kind=kind, key=key, defaults={"label": key})


ROWS = ("service_locations", "contacts", "costs", "schedules")


def form(**fields: object) -> dict[str, object]:
    """What the editor posts for a service: `fields` over a small valid entry with no rows."""
    posted = {"name": "Splash club", "section": "social_care", "scope": "local", "conditions": ""}
    for name in ROWS:
        rows, held = fields.pop(name, []), fields.pop(f"{name}_initial", 0)
        posted |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": held}
        posted |= {
            f"{name}-{place}-{key}": value for place, row in enumerate(rows) for key, value in row.items()
        }
    return posted | fields


@pytest.fixture
def editor_client(client, django_user_model, authority):
    """Somebody who may write services and not publish or delete them."""
    user = django_user_model.objects.create_user("editor", "editor@example.org", "password")
    codes = ["access_admin", "add_service", "change_service"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client.force_login(user)
    return client


class TestWriting:
    def test_service_when_created_as_a_draft_then_is_saved_off_the_site(self, admin_client, authority):
        response = admin_client.post(url("add"), form())
        service = Service.objects.get()
        assert response.url == url("edit", service.pk)
        assert not service.live
        assert service.authority == authority
        assert service.slug == "splash-club"

    def test_service_when_published_with_rows_then_every_row_is_kept(self, admin_client, authority):
        make_terms()
        need, category = make_need("ASD"), make_category("short_breaks")
        provider, place = make_organisation(authority), make_location(authority)
        response = admin_client.post(
            url("add"),
            form(
                organisation=provider.pk,
                needs=[need.pk],
                categories=[category.pk],
                conditions='epilepsy, "down syndrome"',
                delivery=["in_person"],
                access_routes=["parent"],
                languages=["english"],
                min_age="5",
                max_age="17",
                service_locations=[{"location": place.pk}],
                contacts=[{"role": "Officer", "phone": "0117 496 0641", "email": ""}],
                costs=[{"kind": "charged", "amount": "12.50", "note": "A day."}],
                schedules=[
                    {
                        "days": ["TU", "MO"],
                        "opens": "10:00",
                        "closes": "15:30",
                        "when": "term_time",
                        "note": "",
                    }
                ],
                **{"action-publish": "1"},
            ),
        )
        assert response.status_code == 302
        service = Service.objects.get()
        assert service.live
        assert [row.location for row in service.service_locations.all()] == [place]
        assert service.contacts.get().phone == "0117 496 0641"
        assert (service.costs.get().kind, str(service.costs.get().amount)) == (CostKind.CHARGED, "12.50")
        session = service.schedules.get()
        assert session.day_names == ["Monday", "Tuesday"]
        assert session.when == SessionWhen.TERM_TIME
        assert sorted(tag.name for tag in service.conditions.all()) == ["down syndrome", "epilepsy"]
        assert service.delivery == ["in_person"]
        assert list(service.needs.all()) == [need]
        assert admin_client.get(service.get_absolute_url()).status_code == 200

    def test_service_when_edited_as_a_draft_then_the_public_page_waits(self, admin_client, authority):
        service = make_service(authority, name="Old name", section="health")
        service.contacts = [Contact(role="Officer", phone="111 222 333")]
        service.save()
        row = service.contacts.get()
        rows = [{"id": row.pk, "role": "Manager", "phone": "0117 496 0000", "email": ""}]
        admin_client.post(url("edit", service.pk), form(name="New name", contacts=rows, contacts_initial=1))
        service.refresh_from_db()
        assert (service.name, service.contacts.get().role) == ("Old name", "Officer")
        draft = service.get_latest_revision_as_object()
        assert (draft.name, [c.role for c in draft.contacts.all()]) == ("New name", ["Manager"])
        admin_client.post(
            url("edit", service.pk),
            form(name="New name", contacts=rows, contacts_initial=1, **{"action-publish": "1"}),
        )
        service.refresh_from_db()
        assert (service.name, service.contacts.get().role) == ("New name", "Manager")
        assert service.contacts.get().pk == row.pk

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (
                {"min_age": "9", "max_age": "4"},
                "The oldest age must be the same as the youngest age, or more.",
            ),
            ({"max_age": "999"}, "Enter an age in years, such as 7."),
            ({"delivery": ["carrier_pigeon"]}, "carrier_pigeon is not one of the available choices"),
            ({"name": ""}, "This field is required."),
            ({"last_checked": "2999-01-01"}, "This day is still to come."),
            ({"url": "javascript:alert(1)"}, "Enter a valid URL"),
        ],
    )
    def test_service_when_a_fact_is_wrong_then_says_so_at_the_field_and_saves_nothing(
        self, admin_client, authority, wrong, message
    ):
        make_terms()
        response = admin_client.post(url("add"), form(summary="Kept words", **wrong))
        assert response.status_code == 200
        [field] = [name for name in wrong if name in response.context["form"].errors][-1:]
        assert message in str(response.context["form"].errors[field])
        assert not response.context["form"].non_field_errors()
        assert "Kept words" in response.content.decode()
        assert not Service.objects.exists()

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            (
                {"contacts": [{"role": "Officer", "phone": "", "email": ""}]},
                "Give a phone number or an email",
            ),
            ({"costs": [{"kind": "charged", "amount": "-1", "note": ""}]}, "An amount is 0 or more."),
            ({"costs": [{"kind": "free", "amount": "5", "note": ""}]}, "You gave an amount"),
            ({"schedules": [{"days": ["XX"], "when": "all_year"}]}, "XX is not one of the available choices"),
        ],
    )
    def test_service_when_a_row_is_wrong_then_says_so_on_publishing(
        self, admin_client, authority, rows, message
    ):
        response = admin_client.post(url("add"), form(**rows, **{"action-publish": "1"}))
        assert response.status_code == 200
        assert message in response.content.decode()
        assert not Service.objects.exists()

    def test_service_without_a_section_when_drafted_then_saved_and_when_published_then_refused(
        self, admin_client, authority
    ):
        admin_client.post(url("add"), form(section=""))
        service = Service.objects.get()
        response = admin_client.post(url("edit", service.pk), form(section="", **{"action-publish": "1"}))
        assert response.status_code == 200
        assert "section" in response.context["form"].errors
        service.refresh_from_db()
        assert not service.live

    def test_service_when_checked_without_a_next_date_then_gets_one_from_its_provider(
        self, admin_client, authority
    ):
        school = make_organisation(authority, provider_type=ProviderType.ACADEMY)
        admin_client.post(url("add"), form(organisation=school.pk, last_checked="2024-02-29"))
        assert Service.objects.get().review_by.isoformat() == "2025-02-28"

    def test_service_when_it_holds_a_retired_term_then_saving_keeps_it(self, admin_client, authority):
        VocabularyTerm.objects.create(kind="delivery", key="by_fax", label="By fax", retired=True)
        need = make_need("OLD", retired=True)
        service = make_service(authority, delivery=["by_fax"], needs=("OLD",))
        html = admin_client.get(url("edit", service.pk)).content.decode()
        assert "By fax (no longer offered)" in html
        posted = form(delivery=["by_fax"], needs=[need.pk], **{"action-publish": "1"})
        assert admin_client.post(url("edit", service.pk), posted).status_code == 302
        service.refresh_from_db()
        assert service.delivery == ["by_fax"]
        assert list(service.needs.all()) == [need]

    def test_service_when_there_is_one_authority_then_nobody_is_asked_which(self, admin_client, authority):
        html = admin_client.get(url("add")).content.decode()
        assert 'name="authority"' not in html
        assert 'name="serves"' not in html

    def test_service_when_there_are_two_authorities_then_the_chosen_one_owns_it(
        self, admin_client, authority
    ):
        other = make_authority("Easterbrook Council", "easterbrook.example.org")
        html = admin_client.get(url("add")).content.decode()
        assert 'name="authority"' in html
        assert f'<option value="{authority.pk}" selected>' in html
        admin_client.post(url("add"), form(authority=other.pk, serves=[authority.pk]))
        service = Service.objects.get()
        assert service.authority == other
        assert list(service.serves.all()) == [authority]

    def test_service_when_scheduled_then_waits_for_its_hour(self, admin_client, authority):
        later = timezone.localtime() + timedelta(days=3)
        admin_client.post(
            url("add"), form(go_live_at=later.strftime("%Y-%m-%d %H:%M"), **{"action-publish": "1"})
        )
        service = Service.objects.get()
        assert not service.live
        assert service.approved_schedule
        Revision.objects.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
        revision = service.latest_revision
        revision.content["go_live_at"] = None
        revision.save()
        call_command("publish_scheduled", stdout=StringIO())
        service.refresh_from_db()
        assert service.live

    @pytest.mark.parametrize("action", ["action-publish", "action-edit"])
    def test_service_when_one_place_is_chosen_twice_then_says_so(self, admin_client, authority, action):
        place = make_location(authority)
        rows = [{"location": place.pk}, {"location": place.pk}]
        response = admin_client.post(url("add"), form(service_locations=rows, **{action: "1"}))
        assert response.status_code == 200
        assert "Please correct the duplicate" in response.content.decode()
        assert not Service.objects.exists()

    @pytest.mark.parametrize(
        "field", ["name", "summary", "description", "keywords", "conditions", "how_to_access"]
    )
    @pytest.mark.parametrize("text", ["\x00", "👩‍👧 ملعب", "<b>'\"--", "x" * 10_000, "=1+1"])
    def test_service_when_text_is_strange_then_is_kept_or_refused_and_never_fails(
        self, admin_client, authority, field, text
    ):
        response = admin_client.post(url("add"), form(**{field: text, "action-publish": "1"}))
        if response.status_code == 200:
            assert response.context["form"].errors[field]
        else:
            service = Service.objects.get()
            assert admin_client.get(service.get_absolute_url()).status_code == 200

    def test_service_when_autosaved_then_stays_a_draft(self, admin_client, authority):
        response = admin_client.post(url("add"), form(), headers={"accept": "application/json"})
        assert response.json()["success"]
        assert not Service.objects.get().live

    def test_service_when_submitted_then_waits_for_a_publisher(self, editor_client, authority):
        workflow = Workflow.objects.create(name="Check")
        task = GroupApprovalTask.objects.create(name="Publisher")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
        WorkflowContentType.objects.create(workflow=workflow, content_type=Service.get_content_type())
        editor_client.post(url("add"), form(**{"action-submit": "1"}))
        service = Service.objects.get()
        assert not service.live
        assert service.current_workflow_state.status == "in_progress"

    def test_service_when_unpublished_then_leaves_the_site(self, admin_client, authority):
        service = make_service(authority)
        assert admin_client.get(service.get_absolute_url()).status_code == 200
        admin_client.post(url("unpublish", service.pk))
        assert admin_client.get(service.get_absolute_url()).status_code == 404


class TestViews:
    def test_service_views_when_opened_then_all_respond(self, admin_client, authority):
        service = make_service(authority)
        revision = service.save_revision()
        service.name = "Changed"
        later = service.save_revision()
        pages = [
            url("list"),
            url("list_results"),
            url("add"),
            url("edit", service.pk),
            url("history", service.pk),
            url("history_results", service.pk),
            url("delete", service.pk),
            url("unpublish", service.pk),
            url("revisions_view", service.pk, revision.pk),
            url("revisions_revert", service.pk, revision.pk),
            url("revisions_compare", service.pk, revision.pk, later.pk),
            url("workflow_history", service.pk),
            reverse("wagtailsnippetchoosers_services_organisation:choose"),
            reverse("wagtailsnippetchoosers_services_location:choose"),
            reverse("wagtailsnippetchoosers_services_service:choose"),
        ]
        assert [page for page in pages if admin_client.get(page).status_code != 200] == []

    @pytest.mark.parametrize(
        ("model", "make"),
        [
            ("organisation", lambda authority: make_organisation(authority)),
            ("location", lambda authority: make_location(authority)),
            ("need", lambda authority: make_need()),
            ("category", lambda authority: make_category()),
            (
                "vocabularyterm",
                lambda authority: VocabularyTerm.objects.create(kind="language", key="urdu", label="Urdu"),
            ),
        ],
    )
    def test_other_views_when_opened_then_all_respond(self, admin_client, authority, model, make):
        row = make(authority)
        for page in (url("list", model=model), url("add", model=model), url("edit", row.pk, model=model)):
            assert admin_client.get(page).status_code == 200
        assert admin_client.get(url("list", model=model) + "?q=a").status_code == 200

    def test_service_when_locked_by_another_then_cannot_be_saved(self, editor_client, admin_user, authority):
        service = make_service(authority, name="Kept")
        service.locked, service.locked_by, service.locked_at = True, admin_user, timezone.now()
        service.save()
        assert editor_client.post(url("edit", service.pk), form(name="Changed")).status_code == 200
        assert service.revisions.count() == 0

    def test_preview_of_an_unsaved_service_when_opened_then_shows_its_rows(self, admin_client, authority):
        make_terms()
        place = make_location(authority, name="North base")
        posted = form(
            name="Preview club",
            conditions="epilepsy",
            service_locations=[{"location": place.pk}],
            contacts=[{"role": "Officer", "phone": "0117 496 0641", "email": ""}],
            schedules=[{"days": ["SA"], "opens": "10:00", "closes": "", "when": "all_year", "note": ""}],
        )
        assert admin_client.post(url("preview_on_add"), posted).json() == {
            "is_valid": True,
            "is_available": True,
        }
        html = admin_client.get(url("preview_on_add")).content.decode()
        for words in ["Preview club", "North base", "0117 496 0641", "Saturday, from 10am", "Epilepsy"]:
            assert words in html
        assert not Service.objects.exists()

    def test_preview_of_a_saved_service_when_opened_then_shows_the_change(self, admin_client, authority):
        service = make_service(authority, name="Old name")
        admin_client.post(url("preview_on_edit", service.pk), form(name="New name"))
        assert "New name" in admin_client.get(url("preview_on_edit", service.pk)).content.decode()

    def test_edit_view_when_opened_then_says_what_is_missing(self, admin_client, authority):
        html = admin_client.get(url("edit", make_service(authority).pk)).content.decode()
        assert "% complete." in html
        assert "a phone number or email address" in html

    def test_history_when_confirmed_then_says_by_whom(self, admin_client, admin_user, authority):
        service = make_service(authority)
        confirm(service=service, by_role="Nursery manager", user=admin_user)
        assert (
            "Found still right by Nursery manager"
            in admin_client.get(url("history", service.pk)).content.decode()
        )

    def test_service_when_live_then_list_and_editor_link_to_its_page(self, admin_client, authority):
        live, draft = make_service(authority), make_service(authority, live=False)
        html = admin_client.get(url("list")).content.decode()
        assert f'href="{live.get_absolute_url()}"' in html
        assert f'href="{draft.get_absolute_url()}"' not in html
        assert live.get_absolute_url() in admin_client.get(url("edit", live.pk)).content.decode()
        assert draft.get_absolute_url() not in admin_client.get(url("edit", draft.pk)).content.decode()

    def test_menu_when_opened_then_has_services(self, admin_client, authority):
        assert url("list") in admin_client.get(reverse("wagtailadmin_home")).content.decode()

    def test_condition_autocomplete_when_typed_then_offers_what_is_known(self, admin_client, authority):
        service = make_service(authority)
        service.conditions.add("epilepsy")
        service.save()
        address = reverse("wagtailadmin_tag_model_autocomplete", args=["services", "conditiontag"])
        assert admin_client.get(address, {"term": "epi"}).json() == ["epilepsy"]


class TestList:
    def names(self, client, **query: object) -> list[str]:
        return [row.name for row in client.get(url("list"), query).context["object_list"]]

    def test_list_when_filtered_then_holds_only_what_matches(self, admin_client, authority):
        school = make_organisation(authority, provider_type=ProviderType.ACADEMY)
        past, coming = timezone.localdate() - timedelta(days=1), timezone.localdate()
        make_service(authority, name="A", section="health", needs=("ASD", "HI"), review_by=past)
        make_service(authority, name="B", scope=Scope.NATIONAL, live=False, review_by=coming)
        make_service(authority, name="C", level="specialist", organisation=school)
        asd, hi = (Need.objects.get(key=key).pk for key in ("ASD", "HI"))
        assert self.names(admin_client) == ["A", "B", "C"]
        assert self.names(admin_client, section=["health"]) == ["A"]
        assert self.names(admin_client, need=[asd, hi]) == ["A"]
        assert self.names(admin_client, overdue="yes") == ["A"]
        assert self.names(admin_client, overdue="no") == ["B", "C"]
        assert self.names(admin_client, live="no") == ["B"]
        assert self.names(admin_client, scope=["national"]) == ["B"]
        assert self.names(admin_client, level=["specialist"]) == ["C"]
        assert self.names(admin_client, provider_type=["academy"]) == ["C"]
        assert self.names(admin_client, section=["health"], live="no") == []

    @pytest.mark.parametrize(
        "query",
        ["?section=nonsense", "?need=99999&need=x", "?overdue=maybe", "?p=9999", "?ordering=evil", "?q=%00"],
    )
    def test_list_when_asked_nonsense_then_still_answers(self, admin_client, authority, query):
        make_service(authority)
        assert admin_client.get(url("list") + query).status_code == 200

    @pytest.mark.parametrize(("asked", "way"), [("name", "ASC"), ("-name", "DESC")])
    def test_list_when_sorted_by_a_column_then_equal_names_have_an_order_too(
        self, admin_client, authority, asked, way
    ):
        make_service(authority)
        with CaptureQueriesContext(connection) as told:
            assert admin_client.get(url("list"), {"ordering": asked}).status_code == 200
        lists = [q["sql"] for q in told if f'"services_service"."name" {way}' in q["sql"]]
        assert lists
        assert all(f'"services_service"."name" {way}, "services_service"."id" ASC' in sql for sql in lists)

    def test_list_when_searched_then_finds_part_of_a_name(self, admin_client, authority):
        make_service(authority, name="Summer Splash")
        make_service(authority, name="Winter club")
        assert self.names(admin_client, q="splash") == ["Summer Splash"]

    def test_list_when_read_then_says_check_status_and_completeness_in_words(self, admin_client, authority):
        past = timezone.localdate() - timedelta(days=1)
        make_service(authority, name="Late", review_by=past)
        scheduled = make_service(authority, name="Later", live=False)
        scheduled.save_revision(approved_go_live_at=timezone.now() + timedelta(days=1))
        html = admin_client.get(url("list")).content.decode()
        assert "Overdue since" in html
        assert "No date" in html
        assert "Scheduled" in html
        assert "%" in html

    def test_list_when_there_are_many_rows_then_costs_no_more_queries(self, admin_client, authority):
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                admin_client.get(url("list"))
            return len(captured)

        def add(count: int) -> None:
            for _ in range(count):
                provider, place = make_organisation(authority), make_location(authority)
                service = make_service(authority, organisation=provider, locations=(place,))
                service.save_revision()
                Service.objects.filter(pk=service.pk).update(has_unpublished_changes=True)

        add(2)
        queries()
        few = queries()
        add(20)
        assert queries() == few
        assert few <= 26


class TestKeeping:
    def test_organisation_when_in_use_then_is_not_deleted(self, admin_client, authority):
        provider = make_organisation(authority)
        make_service(authority, organisation=provider)
        response = admin_client.post(url("delete", provider.pk, model="organisation"), follow=True)
        assert "so it stays" in response.content.decode()
        bulk = reverse("wagtail_bulk_action", args=["services", "organisation", "delete"])
        assert admin_client.post(f"{bulk}?id={provider.pk}").status_code in {200, 302, 403}
        assert Organisation.objects.filter(pk=provider.pk).exists()

    def test_organisation_when_unused_then_is_deleted(self, admin_client, authority):
        provider = make_organisation(authority)
        admin_client.post(url("delete", provider.pk, model="organisation"))
        assert not Organisation.objects.exists()

    def test_need_when_somebody_would_delete_it_then_it_stays(self, admin_client, authority):
        need = make_need()
        admin_client.post(url("delete", need.pk, model="need"))
        bulk = reverse("wagtail_bulk_action", args=["services", "need", "delete"])
        admin_client.post(f"{bulk}?id={need.pk}")
        assert Need.objects.filter(pk=need.pk).exists()

    def test_category_when_renamed_then_its_key_stays(self, admin_client, authority):
        category = make_category("short_breaks")
        posted = {"key": "other", "label": "Time off", "section": "social_care", "order": "1", "hint": ""}
        admin_client.post(url("edit", category.pk, model="category"), posted)
        category = Category.objects.get()
        assert (category.key, category.label) == ("short_breaks", "Time off")


class TestPlaces:
    def post(self, client, **fields: str):
        return client.post(url("add", model="location"), {"name": "Hall", **fields})

    def test_location_when_only_a_postcode_is_given_then_is_put_at_its_middle(self, admin_client, authority):
        assert self.post(admin_client, postcode="bs56rj").status_code == 302
        place = Location.objects.get()
        assert place.postcode == "BS5 6RJ"
        assert 51.4 < place.latitude < 51.5
        assert place.authority == authority

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"postcode": "nowhere"}, "postcode"),
            ({"latitude": "51.4"}, "longitude"),
            ({"latitude": "95", "longitude": "0"}, "latitude"),
        ],
    )
    def test_location_when_it_cannot_be_then_says_so_at_the_field(
        self, admin_client, authority, fields, wrong
    ):
        response = self.post(admin_client, **fields)
        assert wrong in response.context["form"].errors
        assert not Location.objects.exists()

    def test_location_when_its_postcode_changes_then_moves(self, admin_client, authority):
        place = make_location(authority, postcode="BS5 6RJ", latitude=51.4744, longitude=-2.5471)
        posted = {"name": "Hall", "postcode": "LS1 1UR", "latitude": "51.4744", "longitude": "-2.5471"}
        admin_client.post(url("edit", place.pk, model="location"), posted)
        place.refresh_from_db()
        assert place.latitude > 53

    def test_location_chooser_when_searched_then_finds_by_postcode_and_adds(self, admin_client, authority):
        make_location(authority, name="North base", postcode="BS10 6RF")
        make_location(authority, name="East base", postcode="BS5 9JF")
        results = reverse("wagtailsnippetchoosers_services_location:choose_results")
        html = admin_client.get(results, {"q": "base bs10"}).content.decode()
        assert "North base" in html
        assert "East base" not in html
        create = reverse("wagtailsnippetchoosers_services_location:create")
        made = admin_client.post(create, {"name": "South base", "postcode": "BS14 8DH"})
        assert made.json()["step"] == "chosen"
        place = Location.objects.get(name="South base")
        assert place.authority == authority
        assert place.latitude is not None


class TestRights:
    def test_editor_when_writing_then_may_draft_and_not_publish(self, editor_client, authority):
        assert editor_client.get(url("list")).status_code == 200
        editor_client.post(url("add"), form(**{"action-publish": "1"}))
        service = Service.objects.get()
        assert not service.live
        assert editor_client.get(url("delete", service.pk)).status_code == 302

    def test_somebody_without_rights_when_opening_the_editor_then_is_turned_away(
        self, client, django_user_model, authority
    ):
        user = django_user_model.objects.create_user("viewer", "viewer@example.org", "password")
        user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
        client.force_login(user)
        for page in (url("list"), url("add"), url("edit", make_service(authority).pk)):
            assert client.get(page).status_code == 302

    def test_stranger_when_opening_the_list_then_must_sign_in(self, client, authority):
        assert "/login/" in client.get(url("list")).url
