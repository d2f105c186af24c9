"""Forms of the admin with what no page of ours would send: somebody who has an account tries to see what is
another council's, to publish without the right, or to keep the server busy."""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from localoffer import own_choices
from localoffer.founding import make_groups
from localoffer.models import (
    EvaluationItem,
    EvaluationSet,
    GuidancePage,
    SelfEvaluationPage,
    Visibility,
)
from localoffer.regulations import Section
from localoffer.staff_groups import group_name, library_of
from services.assurance import NOT_YOURS_TO_CLOSE, suggest_change
from services.enums import SuggestionKind, SuggestionState
from services.models import OrganisationReview, Service, ServiceReview, Suggestion
from tests.factories import (
    make_home,
    make_location,
    make_organisation,
    make_page,
    make_section,
    make_service,
    make_user,
)
from tests.services.currency import make_due
from tests.test_hardening import service_form
from tests.test_isolation import _png, post_page

pytestmark = pytest.mark.django_db
THEIRS = "Zirconmark"
EDIT = "wagtailsnippets_services_service:edit"


@pytest.fixture(scope="module")
def made(kept_rows) -> SimpleNamespace:
    """`client` is an officer of the first of two councils; provider, place, page, entry are the second's."""
    home, other = make_home(), make_home("Otherton Council", "otherton.example")
    for each in (home, other):
        make_groups(each.get_site())
    site = other.get_site()
    held = {"collection": library_of(site), "file": ContentFile(_png(), name="forged.png")}
    client = Client()
    groups = [group_name(role, home.get_site()) for role in ("Council publisher", "Council editor")]
    client.force_login(make_user("insider", groups=groups))
    return SimpleNamespace(
        client=client,
        home=home,
        site=home.get_site(),
        provider=make_organisation(site, name=THEIRS),
        place=make_location(site, name=THEIRS, address_1=f"12 {THEIRS} Street", address_hidden=True),
        page=make_page(GuidancePage, other, title=THEIRS, slug=THEIRS.lower(), live=False),
        entry=make_service(site, name=THEIRS),
        files=[
            (Image, Image.objects.create(title=THEIRS, width=1, height=1, **held).pk),
            (Document, Document.objects.create(title=THEIRS, **held).pk),
        ],
        service=make_due(home.get_site()),
    )


@pytest.fixture
def councils(made) -> SimpleNamespace:
    return deepcopy(made)


def signed_in(*roles: str) -> Client:
    client = Client()
    client.force_login(make_user(roles[0].replace(" ", ""), groups=list(roles)))
    return client


def names_theirs(service: Service, councils: SimpleNamespace) -> dict[str, Any]:
    """The form of an entry with a provider and a place of the other council."""
    rows = {"service_locations-TOTAL_FORMS": "1", "service_locations-0-location": str(councils.place.pk)}
    return service_form(service, organisation=str(councils.provider.pk), **rows)


def test_entry_when_it_names_what_is_anothers_then_the_refusal_does_not_tell_its_name(councils):
    service = councils.service
    address = reverse(EDIT, args=[service.pk])
    answer = councils.client.post(address, names_theirs(service, councils))
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) >= {"organisation"}
    assert THEIRS not in answer.content.decode()


@pytest.mark.parametrize("is_new", [True, False])
def test_preview_when_it_names_what_is_anothers_then_nothing_of_it_is_shown(councils, is_new):
    service = councils.service
    view = "wagtailsnippets_services_service:preview_on_" + ("add" if is_new else "edit")
    address = reverse(view, args=[] if is_new else [service.pk])
    assert councils.client.post(address, names_theirs(service, councils)).json()["is_valid"] is False
    assert THEIRS not in councils.client.get(address).content.decode()
    own = make_organisation(councils.site, name="Our own provider")
    given = service_form(service, organisation=str(own.pk))
    assert councils.client.post(address, given).json()["is_valid"] is True
    assert "Our own provider" in councils.client.get(address).content.decode()


def test_page_when_its_text_or_blocks_name_what_is_anothers_then_the_refusal_does_not_tell(councils):
    guide = make_page(GuidancePage, councils.home, title="Guide")
    link = rich_text(f'<p><a linktype="page" id="{councils.page.pk}">x</a></p>')
    answer = post_page(councils.client, guide, body=link, title="Typed")
    assert "body" in answer.context["form"].errors
    assert THEIRS.lower() not in answer.content.decode().lower()
    assert "Typed" in answer.content.decode()


def test_block_when_it_names_what_is_anothers_beside_a_mistake_then_the_refusal_does_not_tell(councils):
    page = make_section(Section.TRANSPORT, home=councils.home, slug="travel", answers=[], live=False)
    answer = {
        "requirement": "nothing of the kind",
        "heading": "",
        "body": rich_text("<p>x</p>"),
        "documents": streamfield([]),
        "service_categories": streamfield([]),
        "services": streamfield([("item", councils.entry.pk)]),
    }
    given = nested_form_data({"answers": streamfield([("answer", answer)])})
    told = post_page(councils.client, page, **given)
    assert told.status_code == 200
    assert own_choices.NOT_OURS in str(told.context["form"].errors["answers"])
    assert THEIRS not in told.content.decode()


def test_row_of_a_page_when_its_text_names_what_is_anothers_then_refused(councils):
    held = EvaluationSet(key="x", version="1", title="Questions", authority=councils.site)
    held.items = [EvaluationItem(code="A1", text="How?", heading="All", sort_order=0)]
    held.save()
    other = EvaluationSet(key="x", version="1", title=THEIRS, authority=councils.provider.authority)
    other.items = [EvaluationItem(code="Z1", text=THEIRS, heading="All", sort_order=0)]
    other.save()
    shared = EvaluationItem(code="S1", text="Shared by all", heading="All", sort_order=0)
    EvaluationSet(key="s", version="1", title="Shared", items=[shared]).save()
    judge = SelfEvaluationPage(
        title="Judge", slug="judge", evaluation_set=held, introduction="x", visibility=Visibility.COUNCILLORS
    )
    councils.home.add_child(instance=judge)
    evidence = streamfield([("page", councils.page.pk), ("service", councils.entry.pk)])
    rows = {"entries-TOTAL_FORMS": "1", "entries-INITIAL_FORMS": "0"}
    rows["entries-0-item"] = str(held.items.get().pk)
    rows |= nested_form_data({"entries-0-evidence": evidence})
    answer = post_page(councils.client, judge, **rows)
    assert "Shared by all" in answer.content.decode()
    assert "evidence" in answer.context["form"].formsets["entries"].forms[0].errors
    assert THEIRS.lower() not in answer.content.decode().lower()


@pytest.mark.parametrize("said", ["2000", "999999", "9" * 5000], ids=len)
def test_form_when_it_says_that_it_has_more_rows_than_boxes_then_refused_before_they_are_made(councils, said):
    given = service_form(councils.service, name="Typed", **{"contacts-TOTAL_FORMS": said})
    answer = councils.client.post(reverse(EDIT, args=[councils.service.pk]), given)
    assert answer.status_code == 400
    assert "Typed" in answer.content.decode()


def test_bulk_action_when_it_names_files_of_another_then_their_titles_are_not_told(councils):
    for model, pk in councils.files:
        args = [model._meta.app_label, model._meta.model_name, "add_to_collection"]
        address = f"{reverse('wagtail_bulk_action', args=args)}?id={pk}&next=/admin/"
        into = {"collection": library_of(councils.site).pk}
        for answer in (councils.client.get(address), councils.client.post(address, into)):
            assert answer.status_code in (200, 302)
            assert THEIRS not in answer.content.decode()
        assert model.objects.get(pk=pk).collection == library_of(councils.provider.authority)


@pytest.mark.parametrize("kind", ["services_service", "search_bestbet", "localoffer_glossaryterm"])
def test_chooser_that_makes_nothing_when_posted_to_then_it_is_not_there(councils, kind):
    address = reverse(f"wagtailsnippetchoosers_{kind}:create")
    councils.client.raise_request_exception = False
    assert councils.client.post(address, {"title": "x"}).status_code == 404


# -- publishing without the right -------------------------------------------------------------


def test_provider_when_an_editor_would_trust_it_then_only_those_who_publish_can(councils):
    """What a trusted provider writes goes on the site: an editor could send the link to themselves."""
    address = reverse("who_checks", args=[councils.service.pk])
    held = OrganisationReview.objects.get(organisation=councils.service.organisation)
    editor, publisher = signed_in("Council editor"), signed_in("Council publisher", "Council editor")
    on = {"service-provider_email": "me@example.org", "organisation-trusted": "on"}
    off = {"service-provider_email": "you@example.org"}
    for client, sent, is_trusted in ((editor, on, False), (publisher, on, True), (editor, off, True)):
        assert client.post(address, sent).status_code == 302
        held.refresh_from_db()
        assert held.trusted is is_trusted
    assert ServiceReview.objects.get().provider_email == "you@example.org"


def test_entry_when_an_editor_accepts_that_it_no_longer_runs_then_a_live_one_stays(councils):
    service = councils.service
    found = suggest_change(service=service, seen={}, proposed={}, kind=SuggestionKind.CLOSED)
    address = reverse("services_suggestions:edit", args=[found.pk])
    editor = signed_in("Council editor")
    page = editor.get(address)
    assert "Take it off the site" not in page.content.decode()
    sent = {"looked_at": page.context["looked_at"]}
    assert NOT_YOURS_TO_CLOSE in editor.post(address, sent).content.decode()
    assert Service.objects.get(pk=service.pk).live
    assert Suggestion.objects.get().state == SuggestionState.WAITING
    councils.client.post(address, sent)
    assert not Service.objects.get(pk=service.pk).live


def test_provider_when_it_is_anothers_then_who_is_asked_there_is_neither_shown_nor_changed(councils):
    service = councils.service
    Service.objects.filter(pk=service.pk).update(organisation=councils.provider)  # by somebody of both
    asked_at = "theirs@checks.example.org"
    OrganisationReview.objects.create(organisation=councils.provider, email=asked_at)
    address = reverse("who_checks", args=[service.pk])
    assert asked_at not in councils.client.get(address).content.decode()
    councils.client.post(address, {"organisation-email": "me@example.org", "organisation-trusted": "on"})
    held = OrganisationReview.objects.get(organisation=councils.provider)
    assert (held.email, held.trusted) == (asked_at, False)


def test_what_trusted_providers_change_when_an_editor_would_widen_it_then_it_stays(councils):
    address = reverse("wagtailsettings:edit", args=["services", "reviewsettings", councils.site.pk])
    assert (
        signed_in("Council editor").post(address, {"trusted_fields": "waiting_time"})["Location"] == "/admin/"
    )
    assert councils.client.get(address).status_code == 200
