"""Keeping entries true."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.log_actions import registry
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask
from wagtail.signals import published, unpublished

from services.assurance import CONFIRMED, RETIRED, confirm, retire
from services.enums import ProviderType
from services.intervals import next_review
from services.models import Service
from services.signals import services_changed
from tests.factories import make_organisation, make_service
from tests.services.test_detail import full_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Ids of services that search was told of."""
    ids = []

    def on_publish(instance, **kwargs):
        ids.append(("published", instance.pk))

    def on_unpublish(instance, **kwargs):
        ids.append(("unpublished", instance.pk))

    def on_change(ids, **kwargs):
        heard.extend(("changed", pk) for pk in ids)

    heard = ids
    published.connect(on_publish, sender=Service)
    unpublished.connect(on_unpublish, sender=Service)
    services_changed.connect(on_change)
    yield ids
    published.disconnect(on_publish, sender=Service)
    unpublished.disconnect(on_unpublish, sender=Service)
    services_changed.disconnect(on_change)


def actions(service: Service) -> list[str]:
    return [entry.action for entry in registry.get_logs_for_instance(service).order_by("pk")]


def test_confirm_when_live_then_dates_are_set_published_and_logged(authority, admin_user, heard):
    school = make_organisation(authority, provider_type=ProviderType.ACADEMY)
    service = full_service(authority, organisation=school, review_by=date(2024, 1, 1))
    on = timezone.localdate() - timedelta(days=2)
    confirmed = confirm(service=service, by_role=" SENCO ", on=on, user=admin_user)
    assert (confirmed.last_checked, confirmed.last_checked_by) == (on, "SENCO")
    assert confirmed.review_by == next_review(checked=on, provider_type=ProviderType.ACADEMY)
    assert confirmed.live
    assert not confirmed.has_unpublished_changes
    assert not confirmed.is_overdue
    assert confirmed.latest_revision == confirmed.live_revision
    assert heard == [("published", service.pk)]
    [entry] = registry.get_logs_for_instance(service)
    assert (entry.action, entry.user, entry.message) == (CONFIRMED, admin_user, "Found still right by SENCO")


def test_confirm_when_live_then_every_row_stays(authority):
    service = full_service(authority)
    before = [
        [row.pk for row in getattr(service, name).all()]
        for name in ("service_locations", "contacts", "costs", "schedules", "needs", "categories")
    ]
    confirmed = confirm(service=service, by_role="Officer")
    after = [
        [row.pk for row in getattr(confirmed, name).all()]
        for name in ("service_locations", "contacts", "costs", "schedules", "needs", "categories")
    ]
    assert after == before
    assert [tag.name for tag in confirmed.conditions.all()] == ["epilepsy"]
    assert confirmed.uuid == service.uuid


def test_confirm_beside_a_draft_when_done_then_the_draft_waits_with_the_new_dates(
    authority, heard, django_capture_on_commit_callbacks
):
    service = full_service(authority, name="Live name")
    service.name = "Draft name"
    service.save_revision()
    held = Service.objects.get(pk=service.pk)
    with django_capture_on_commit_callbacks(execute=True):
        confirmed = confirm(service=held, by_role="Officer")
    assert (confirmed.name, confirmed.last_checked) == ("Live name", timezone.localdate())
    assert confirmed.has_unpublished_changes
    draft = confirmed.get_latest_revision_as_object()
    assert (draft.name, draft.last_checked, draft.last_checked_by, draft.review_by) == (
        "Draft name",
        confirmed.last_checked,
        "Officer",
        confirmed.review_by,
    )
    assert heard == [("changed", service.pk)]


def test_confirm_beside_a_change_under_review_when_done_then_the_review_goes_on(authority, admin_user):
    workflow = Workflow.objects.create(name="Check")
    task = GroupApprovalTask.objects.create(name="Publisher")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowContentType.objects.create(workflow=workflow, content_type=Service.get_content_type())
    service = make_service(authority, name="Live name")
    service.name = "Draft name"
    service.save_revision()
    workflow.start(service, admin_user)
    confirmed = confirm(service=Service.objects.get(pk=service.pk), by_role="Officer")
    assert confirmed.current_workflow_state.status == "in_progress"
    assert confirmed.name == "Live name"


def test_confirm_beside_a_scheduled_change_when_done_then_its_hour_stays(authority):
    service = make_service(authority, name="Live name")
    hour = timezone.now() + timedelta(days=2)
    service.name = "Later name"
    service.save_revision(approved_go_live_at=hour)
    confirmed = confirm(service=Service.objects.get(pk=service.pk), by_role="Officer")
    waiting = confirmed.scheduled_revision
    assert waiting.approved_go_live_at == hour
    assert waiting.as_object().last_checked == confirmed.last_checked


def test_confirm_when_not_live_then_stays_off_the_site(authority, heard, django_capture_on_commit_callbacks):
    service = make_service(authority, live=False)
    with django_capture_on_commit_callbacks(execute=True):
        confirmed = confirm(service=service, by_role="Officer")
    assert not confirmed.live
    assert confirmed.last_checked == timezone.localdate()
    assert heard == []


@pytest.mark.parametrize(
    ("by_role", "days", "field"), [("  ", 0, "last_checked_by"), ("Officer", 1, "last_checked")]
)
def test_confirm_when_it_cannot_be_then_is_refused_and_nothing_is_written(authority, by_role, days, field):
    service = make_service(authority)
    with pytest.raises(ValidationError) as refused:
        confirm(service=service, by_role=by_role, on=timezone.localdate() + timedelta(days=days))
    assert field in refused.value.message_dict
    assert Service.objects.get().last_checked is None
    assert actions(service) == []


def test_retire_when_live_then_is_off_the_site_kept_and_logged(client, authority, heard):
    service = make_service(authority)
    retired = retire(service=service, by_role="Local offer officer", reason="It has closed.")
    assert not retired.live
    assert client.get(service.get_absolute_url()).status_code == 404
    assert actions(service) == ["wagtail.unpublish", RETIRED]
    entry = registry.get_logs_for_instance(service).get(action=RETIRED)
    assert entry.message == "Taken down by Local offer officer: It has closed."
    assert heard == [("unpublished", service.pk)]


def test_retire_when_off_already_then_does_nothing(authority):
    service = make_service(authority, live=False)
    retire(service=service, by_role="Officer")
    assert actions(service) == []


def test_retire_when_nobody_says_who_then_is_refused(authority):
    service = make_service(authority)
    with pytest.raises(ValidationError):
        retire(service=service, by_role="")
    assert Service.objects.get().live


@pytest.mark.parametrize(
    ("checked", "kind", "due"),
    [
        (date(2026, 6, 11), ProviderType.ACADEMY, date(2027, 6, 11)),
        (date(2026, 8, 31), ProviderType.VOLUNTARY, date(2027, 2, 28)),
        (date(2024, 2, 29), ProviderType.COUNCIL, date(2025, 2, 28)),
        (date(2026, 12, 1), ProviderType.PARENT_LED, date(2027, 6, 1)),
        (date(2026, 6, 11), "", date(2027, 6, 11)),
    ],
)
def test_next_review_when_checked_then_falls_on_the_same_day_of_a_later_month(checked, kind, due):
    assert next_review(checked=checked, provider_type=kind) == due


@given(
    checked=st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)),
    kind=st.sampled_from(ProviderType.values),
)
def test_next_review_whatever_the_day_then_is_half_a_year_to_a_year_on(checked, kind):
    due = next_review(checked=checked, provider_type=kind)
    assert timedelta(days=180) <= due - checked <= timedelta(days=366)
