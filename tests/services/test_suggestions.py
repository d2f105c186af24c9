"""What a provider suggests, beside the entry as it is now: all, some or none, and never over others' work."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.log_actions import registry

from services import changes
from services.assurance import DECIDED, ChangedMeanwhile, apply_suggestion, suggest_change, what_stands
from services.enums import CheckedBy, ReminderState, SuggestionKind, SuggestionState
from services.models import OrganisationReview, ReviewLink, Service, ServiceReview, Suggestion
from services.review_links import KEPT_DAYS, Standing, forget_old, make_link, open_link, token_of
from services.signals import services_merged
from tests.factories import make_authority, make_service
from tests.services.currency import ASKED_AT, make_due, make_suggestion
from tests.services.test_admin import form as editor_form
from tests.services.test_admin import url as service_url

pytestmark = pytest.mark.django_db

CONTACTS = [{"role": "Desk", "phone": "0117 496 0999", "email": "desk@example.org"}]


@pytest.fixture
def service(authority):
    return make_due(authority)


@pytest.fixture
def suggestion(service):
    return make_suggestion(service, name="New name", waiting_time="A year", contacts=CONTACTS)


def address(suggestion):
    return reverse("services_suggestions:edit", args=[suggestion.pk])


def decide(client, suggestion, *accept, **more):
    """Press the button as the page stands."""
    page = client.get(address(suggestion))
    return client.post(
        address(suggestion), {"looked_at": page.context["looked_at"], "accept": accept, **more}, follow=True
    )


def test_officer_when_accepting_all_then_all_is_live_checked_and_told(
    admin_client, client, service, suggestion
):
    held = [row.uuid for row in service.contacts.all()]
    response = decide(
        admin_client, suggestion, "name", "waiting_time", "contacts", message="Thank you so much."
    )
    assert "the provider was told by email" in response.content.decode()
    now = Service.objects.get()
    assert (now.name, now.waiting_time, now.slug) == ("New name", "A year", "new-name")
    assert [row.uuid for row in now.contacts.all()] == held
    assert now.contacts.get().phone == "0117 496 0999"
    assert (now.last_checked, now.checked_side) == (timezone.localdate(), CheckedBy.PROVIDER)
    assert not now.has_unpublished_changes
    [letter] = mail.outbox
    assert letter.to == [ASKED_AT]
    assert "We have changed: Name, Waiting time, Phone and email." in letter.body
    assert "Thank you so much." in letter.body
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.told) == (SuggestionState.ACCEPTED, ReminderState.SENT)
    entry = registry.get_logs_for_instance(now).get(action=DECIDED)
    assert "0117" not in str(entry.data)


def test_officer_when_accepting_some_then_only_those_change(admin_client, suggestion):
    decide(admin_client, suggestion, "waiting_time")
    now = Service.objects.get()
    assert (now.name, now.waiting_time) == ("Summer Splash playscheme", "A year")
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.accepted) == (SuggestionState.PARTLY, ["waiting_time"])
    assert "We have not changed: Name, Phone and email." in mail.outbox[0].body


def test_officer_when_accepting_nothing_then_nothing_changes_and_the_provider_hears_why(
    admin_client, suggestion
):
    before = Service.objects.get()
    decide(admin_client, suggestion, decline="1", message="We rang you.")
    now = Service.objects.get()
    assert (now.name, now.last_checked) == (before.name, before.last_checked)
    assert Suggestion.objects.get().state == SuggestionState.DECLINED
    assert "We have not made the change this time." in mail.outbox[0].body
    assert "We rang you." in mail.outbox[0].body


def test_officer_when_ticking_nothing_then_is_asked_to_choose(admin_client, suggestion):
    response = decide(admin_client, suggestion)
    assert "Tick what you accept" in response.content.decode()
    assert Suggestion.objects.get().state == SuggestionState.WAITING


def test_page_when_a_field_changed_since_then_shows_the_conflict_unticked(admin_client, service, suggestion):
    service.waiting_time = "Two weeks"
    service.save()
    page = admin_client.get(address(suggestion))
    words = page.content.decode()
    assert "Changed here since the provider looked" in words
    ticks = {row.name: ticked for row, ticked, _ in page.context["rows"]}
    assert ticks == {"name": True, "waiting_time": False, "contacts": True}


def test_officer_when_the_entry_changes_under_their_eyes_then_is_told_and_nothing_is_overwritten(
    admin_client, service, suggestion
):
    page = admin_client.get(address(suggestion))
    service.waiting_time = "Two weeks"
    service.save()
    posted = {"looked_at": page.context["looked_at"], "accept": ["waiting_time"]}
    response = admin_client.post(address(suggestion), posted)
    assert "The entry changed while you had this open" in response.content.decode()
    assert Service.objects.get().waiting_time == "Two weeks"
    assert Suggestion.objects.get().state == SuggestionState.WAITING
    assert not mail.outbox


def test_two_officers_when_both_decide_then_the_second_is_told(admin_client, suggestion):
    page = admin_client.get(address(suggestion))
    decide(admin_client, suggestion, "name")
    posted = {"looked_at": page.context["looked_at"], "decline": "1"}
    response = admin_client.post(address(suggestion), posted)
    assert "Somebody else has already decided" in response.content.decode()
    assert Suggestion.objects.get().state == SuggestionState.PARTLY
    assert len(mail.outbox) == 1


def test_editor_when_a_suggestion_is_applied_meanwhile_then_their_save_is_stopped_once(
    admin_client, service, suggestion
):
    edit = service_url("edit", service.pk)
    admin_client.get(edit)
    decide(admin_client, suggestion, "waiting_time")
    rows = {"contacts": [], "contacts_initial": 0}
    posted = editor_form(name="Mine", loaded_revision_id="None", loaded_revision_created_at="", **rows)
    response = admin_client.post(edit, posted)
    assert "Somebody changed this entry while you had it open" in response.content.decode()
    assert 'value="Mine"' in response.content.decode()
    assert Service.objects.get().latest_revision.as_object().name == "Summer Splash playscheme"
    held = Service.objects.get()
    posted["loaded_revision_id"] = str(held.latest_revision_id)
    posted["loaded_revision_created_at"] = held.latest_revision.created_at.isoformat()
    admin_client.post(edit, posted)
    assert Service.objects.get().latest_revision.as_object().name == "Mine"


def test_draft_when_it_waits_then_the_accepted_fields_join_it_and_the_site_stays(admin_client, service):
    found = make_suggestion(service, waiting_time="A year")
    service.name = "Draft name"
    service.save_revision()
    assert "goes into the draft" in admin_client.get(address(found)).content.decode()
    decide(admin_client, found, "waiting_time")
    now = Service.objects.get()
    draft = now.get_latest_revision_as_object()
    assert (now.name, now.waiting_time) == ("Summer Splash playscheme", "")
    assert (draft.name, draft.waiting_time) == ("Draft name", "A year")


def test_entry_when_somebody_else_locked_it_then_nothing_is_changed(
    admin_client, suggestion, django_user_model
):
    other = django_user_model.objects.create_user("other", "other@example.org", "password")
    Service.objects.update(locked=True, locked_by=other)
    response = decide(admin_client, suggestion, "name")
    assert "Somebody has locked this entry" in response.content.decode()
    assert Service.objects.get().name == "Summer Splash playscheme"


def test_editor_without_publishing_when_accepting_then_a_draft_waits(client, django_user_model, suggestion):
    user = django_user_model.objects.create_user("editor", "editor@example.org", "password")
    codes = ["access_admin", "change_service"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client.force_login(user)
    decide(client, suggestion, "name")
    now = Service.objects.get()
    assert now.name == "Summer Splash playscheme"
    assert now.get_latest_revision_as_object().name == "New name"


def test_pages_when_somebody_may_not_edit_services_then_are_refused(
    client, django_user_model, service, suggestion
):
    user = django_user_model.objects.create_user("viewer", "viewer@example.org", "password")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_service"]))
    client.force_login(user)
    for path in (address(suggestion), reverse("who_checks", args=[service.pk])):
        assert client.get(path).status_code in (302, 403)
        assert client.post(path, {"decline": "1"}).status_code in (302, 403)
    assert Suggestion.objects.get().state == SuggestionState.WAITING


def test_closed_when_accepted_then_is_off_the_site(admin_client, client, service):
    found = suggest_change(service=service, seen={}, proposed={}, kind=SuggestionKind.CLOSED)
    decide(admin_client, found)
    assert client.get(service.get_absolute_url()).status_code == 404
    assert "We have taken the entry off the site" in mail.outbox[0].body


def test_closed_when_refused_then_stays(admin_client, client, service):
    found = suggest_change(service=service, seen={}, proposed={}, kind=SuggestionKind.CLOSED)
    decide(admin_client, found, decline="1")
    assert client.get(service.get_absolute_url()).status_code == 200


def test_note_alone_when_dealt_with_then_is_accepted(admin_client, service):
    found = suggest_change(service=service, seen={}, proposed={}, note="The door is at the back.")
    assert found.state == SuggestionState.WAITING
    decide(admin_client, found)
    assert Suggestion.objects.get().state == SuggestionState.ACCEPTED


def test_message_when_mail_fails_then_is_said_and_can_be_sent_again(admin_client, suggestion, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = decide(admin_client, suggestion, "name")
    assert "could not be sent" in response.content.decode()
    settings.EMAIL_BACKEND = backend
    assert "Send the email" in admin_client.get(address(suggestion)).content.decode()
    admin_client.post(address(suggestion), {"tell": "1"})
    assert len(mail.outbox) == 1
    assert Suggestion.objects.get().told == ReminderState.SENT


def test_list_menu_and_dashboard_when_one_waits_then_say_so(admin_client, service, suggestion):
    words = admin_client.get(reverse("services_suggestions:index")).content.decode()
    assert "Summer Splash playscheme" in words
    assert "Name, Waiting time, Phone and email" in words
    assert f'href="{address(suggestion)}"' in words
    home = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 suggested change from providers" in home
    assert "Suggested changes (1)" in home


def test_who_checks_when_saved_then_addresses_are_kept_apart_and_the_link_can_be_sent(admin_client, service):
    path = reverse("who_checks", args=[service.pk])
    assert ASKED_AT in admin_client.get(path).content.decode()
    posted = {
        "service-provider_email": "new@example.org",
        "service-provider_role": "Head",
        "organisation-email": "trust@example.org",
        "organisation-trusted": "on",
    }
    admin_client.post(path, posted)
    assert ServiceReview.objects.get().provider_email == "new@example.org"
    assert OrganisationReview.objects.get(organisation=service.organisation).trusted
    admin_client.post(path, {"send": "1"})
    assert mail.outbox[0].to == ["new@example.org"]
    wrong = admin_client.post(path, {**posted, "service-provider_email": "nobody"})
    assert "valid email address" in wrong.content.decode()


def test_suggestion_when_the_entry_could_not_hold_it_then_is_refused_whole(service):
    with pytest.raises(ValidationError):
        make_suggestion(service, name="", waiting_time="A year")
    with pytest.raises(ValidationError):
        make_suggestion(service, url="javascript:alert(1)")
    assert not Suggestion.objects.exists()


def test_apply_when_ages_would_cross_then_is_refused_and_nothing_is_written(service, admin_user):
    found = make_suggestion(service, min_age=15)
    Service.objects.update(max_age=12)
    held = Service.objects.get()
    with pytest.raises(ValidationError):
        apply_suggestion(
            suggestion=found, fields=["min_age"], looked_at=what_stands(held, found), user=admin_user
        )
    assert Service.objects.get().min_age == 5
    assert Suggestion.objects.get(pk=found.pk).state == SuggestionState.WAITING


def test_apply_when_what_was_seen_is_forged_then_is_refused(suggestion, admin_user):
    with pytest.raises(ChangedMeanwhile):
        apply_suggestion(suggestion=suggestion, fields=["name"], looked_at="forged", user=admin_user)


def test_facts_when_read_and_put_back_then_nothing_changes(service):
    before = changes.read(service)
    changes.put(service, before)
    service.save()
    assert changes.read(Service.objects.get()) == before
    assert changes.changed(before, before) == {}


class TestTokens(TestCase):
    """An address opens what we signed, in its time, and nothing else does."""

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=200))
    def test_token_when_it_is_any_text_then_opens_nothing(self, text):
        assert open_link(text).standing == Standing.FORGED

    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def test_token_when_one_letter_is_changed_then_opens_nothing(self, data):
        link = make_link(make_service(make_authority()))
        token = token_of(link)
        assert open_link(token).link == link
        at = data.draw(st.integers(0, len(token) - 1))
        letter = data.draw(st.characters(codec="ascii").filter(lambda c: c != token[at]))
        forged = token[:at] + letter + token[at + 1 :]
        assert open_link(forged).standing == Standing.FORGED

    @settings(max_examples=40, deadline=None)
    @given(days=st.integers(-400, 400))
    def test_token_when_read_on_any_day_then_is_open_until_its_end(self, days):
        link = make_link(make_service(make_authority()))
        moment = link.made_at + timedelta(days=days)
        expected = Standing.OPEN if moment < link.expires_at else Standing.EXPIRED
        assert open_link(token_of(link), now=moment).standing == expected


def test_merge_when_one_entry_has_links_and_changes_then_they_follow(service, suggestion):
    kept = make_service(service.authority, name="Kept")
    services_merged.send(sender=Service, kept=kept.pk, other=service.pk)
    suggestion.refresh_from_db()
    assert suggestion.service == kept
    assert open_link(token_of(suggestion.link)).link.service == kept
    assert kept.review.provider_email == ASKED_AT


def test_forgetting_when_decided_long_ago_then_the_suggestion_and_its_link_go(service, suggestion):
    long_ago = timezone.now() - timedelta(days=KEPT_DAYS + 1)
    assert forget_old() == 0
    Suggestion.objects.update(decided_at=long_ago, state=SuggestionState.DECLINED)
    ReviewLink.objects.update(expires_at=long_ago)
    assert forget_old() == 2
    assert Service.objects.filter(pk=service.pk).exists()
