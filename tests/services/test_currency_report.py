"""How fresh the directory is, by kind of provider."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from services.enums import CheckedBy, ProviderType
from services.intervals import next_review, review_months
from services.models import ReviewInterval, ReviewSettings
from services.reports_currency import FRESHNESS, freshness
from tests.factories import make_authority, make_organisation, make_service
from tests.services.currency import make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(authority):
    today = timezone.localdate()
    academy = make_organisation(authority, provider_type=ProviderType.ACADEMY)
    charity = make_organisation(authority, provider_type=ProviderType.VOLUNTARY)
    late = {"review_by": today - timedelta(days=1), "last_checked": today - timedelta(days=400)}
    soon = {"review_by": today, "last_checked": today, "checked_side": CheckedBy.PROVIDER}
    make_service(authority, organisation=academy, **late)
    make_service(authority, organisation=academy, **soon)
    make_service(authority, organisation=academy, live=False, **late)
    make_suggestion(make_service(authority, organisation=charity), waiting_time="A year")
    make_service(authority)
    make_service(make_authority("Other", "other.example.org"), **late)
    return authority


def test_freshness_when_counted_then_every_live_entry_is_in_one_row_and_in_all(
    directory, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        rows = {row.kind: row for row in freshness(directory)}
    academy = rows["Academy"]
    assert (academy.live, academy.in_date, academy.percent, academy.late) == (2, 1, 50, 1)
    assert (academy.by_provider, academy.soon, academy.months) == (1, 1, 12)
    charity = rows["Charity or community group"]
    assert (charity.undated, charity.never, charity.waiting, charity.in_date) == (1, 1, 1, 0)
    assert rows["No provider named"].live == 1
    whole = rows["All"]
    assert whole.live == sum(row.live for row in rows.values()) - whole.live == 4
    assert whole.waiting == 1


def test_report_when_opened_and_downloaded_then_says_the_same(admin_client, directory):
    path = reverse("freshness_report")
    assert "1 (50%)" in admin_client.get(path).content.decode()
    text = admin_client.get(path + "?export=csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == FRESHNESS
    assert next(row for row in rows if row["Kind of provider"] == "Academy")["Late"] == "1"
    assert admin_client.get(path + "?export=xlsx")["Content-Type"].endswith("sheet")


@pytest.mark.parametrize("name", ["freshness_report", "broken_links_report"])
def test_reports_when_somebody_may_not_see_services_then_are_refused(
    client, django_user_model, directory, name
):
    user = django_user_model.objects.create_user("nobody", "n@example.org", "password")
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(user)
    assert client.get(reverse(name)).status_code in (302, 403)


def test_interval_when_the_council_chose_one_then_it_counts_for_that_kind_alone(authority):
    choice = ReviewSettings.for_site(authority)
    choice.intervals = [ReviewInterval(provider_type=ProviderType.ACADEMY, months=3)]
    choice.save()
    assert review_months(ProviderType.ACADEMY, authority) == 3
    assert review_months(ProviderType.NHS, authority) == 12
    assert review_months(ProviderType.ACADEMY, make_authority("Other", "other.example.org")) == 12
    day = timezone.localdate().replace(month=1, day=15)
    due = next_review(checked=day, provider_type=ProviderType.ACADEMY, authority=authority)
    assert due == day.replace(month=4)


def test_settings_when_saved_in_the_admin_then_are_kept(admin_client, authority):
    path = reverse("wagtailsettings:edit", args=["services", "reviewsettings", authority.pk])
    assert "Checking services" in admin_client.get(path).content.decode()
    posted = {
        "officer_email": "team@example.org",
        "use_public_email": "on",
        "officer_after_days": 10,
        "act_after_days": 5,
        "when_overdue": "hide",
        "link_days": 30,
        "trusted_fields": ["phone"],
        "intervals-TOTAL_FORMS": 1,
        "intervals-INITIAL_FORMS": 0,
        "intervals-0-provider_type": "academy",
        "intervals-0-months": 3,
    }
    assert "Give the officer time" in admin_client.post(path, posted).content.decode()
    admin_client.post(path, {**posted, "act_after_days": 20})
    kept = ReviewSettings.for_site(authority)
    assert (kept.act_after_days, kept.trusted_fields, kept.when_overdue) == (20, ["phone"], "hide")
    assert kept.intervals.get().months == 3
