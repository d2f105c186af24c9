"""Whom the law has asked, who was not invited, and what families read of it."""

from datetime import date, timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback import consultation, founding
from feedback.models import ConsultationRound, ConsulteeCategory, ConsulteeRecord
from tests.factories import make_authority
from tests.feedback.record import make_publisher, make_round, make_staffed_site, make_writer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)


@pytest.fixture
def site():
    return make_staffed_site()


def invite(found: ConsultationRound, key: str, on: date, **fields) -> ConsulteeRecord:
    record = ConsulteeRecord.objects.get(round=found, category__key=key)
    record.invited_on = on
    for name, value in fields.items():
        setattr(record, name, value)
    record.full_clean()
    record.save()
    return record


def test_consultees_when_loaded_then_the_eighteen_of_the_law_and_the_unchecked_flagged():
    assert consultation.load_consultees() == 22
    required = ConsulteeCategory.objects.filter(is_required=True)
    assert required.count() == 18
    assert all(category.is_checked for category in required)
    labels = " ".join(required.values_list("label", flat=True))
    assert "NHS England" in labels
    assert "integrated care board" in labels
    for category in ConsulteeCategory.objects.filter(is_checked=False):
        assert not category.is_required
        assert "not checked" in str(category)


def test_consultees_when_loaded_again_then_changed_labels_stay():
    consultation.load_consultees()
    ConsulteeCategory.objects.filter(key="icb").update(label="The new health board")
    call_command("load_consultees", stdout=StringIO())
    assert ConsulteeCategory.objects.get(key="icb").label == "The new health board"


def test_round_when_made_then_a_row_for_every_consultee_in_use(site):
    consultation.load_consultees()
    ConsulteeCategory.objects.filter(key="local_health_boards").update(retired=True)
    found = make_round(site)
    assert found.records.count() == 21
    assert consultation.fill_round(found) == 0


def test_not_invited_when_some_were_asked_long_ago_then_they_count_as_not_asked(site):
    found = make_round(site, opened=date(2025, 1, 1))
    invite(found, "icb", TODAY - timedelta(days=364))
    invite(found, "yot", TODAY - timedelta(days=366))
    invite(found, "nhs_trusts", TODAY)
    missing = {category.key for category in consultation.not_invited(site, TODAY)}
    assert len(missing) == 17
    assert "icb" not in missing
    assert "yot" in missing
    assert "nhs_trusts" not in missing


def test_not_invited_when_another_authority_asked_then_it_does_not_count(site):
    other = make_authority("Otherton", "otherton.example")
    invite(make_round(other), "icb", TODAY)
    assert len(consultation.not_invited(site, TODAY)) == 18


def test_asked_when_there_are_many_rounds_then_two_queries(site):
    for _ in range(3):
        invite(make_round(site), "icb", TODAY)
    with CaptureQueriesContext(connection) as captured:
        consultation.asked(site, TODAY)
    assert len(captured) == 2


def test_record_when_it_answered_without_invitation_then_refused(site):
    found = make_round(site)
    record = found.records.first()
    record.responded = True
    with pytest.raises(ValidationError):
        record.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"closed": date(2024, 1, 1)}, "closed"), ({"summary": " ", "published": True}, "summary")],
)
def test_round_when_it_does_not_fit_then_refused_at_the_field(site, fields, field):
    found = ConsultationRound(
        authority=site, title="A", kind="preparing", method="M", opened=date(2025, 1, 1), **fields
    )
    with pytest.raises(ValidationError) as error:
        found.full_clean()
    assert field in error.value.message_dict


def test_report_when_read_then_the_missing_come_first_and_a_file_says_the_same(site, client):
    invite(
        make_round(site, opened=timezone.localdate()), "cyp_sen_parents", timezone.localdate(), how="By post"
    )
    client.force_login(make_writer())
    page = BeautifulSoup(client.get(reverse("feedback_asked")).content, "html.parser")
    assert "17 of 18" in page.get_text()
    rows = [row.get_text(" ", strip=True) for row in page.select("table tbody tr")]
    assert "Not invited" in rows[0]
    file = client.get(reverse("feedback_asked"), {"export": "csv"}).getvalue().decode()
    assert "By post" in file
    assert "Not checked against the law" in file


def test_admin_when_a_round_is_added_then_it_opens_with_every_consultee(site, client):
    client.force_login(make_writer())
    response = client.post(
        reverse("feedback_rounds:add"),
        {
            "authority": site.pk, "title": "Spring", "kind": "reviewing", "opened": "2026-03-01",
            "method": "Letters", "records-TOTAL_FORMS": 0, "records-INITIAL_FORMS": 0,
        },
    )  # fmt: skip
    found = ConsultationRound.objects.get()
    assert response.url == reverse("feedback_rounds:edit", args=[found.pk])
    assert found.records.count() == 22
    html = client.get(response.url).content.decode()
    assert "records-21-invited_on" in html


def test_admin_when_a_consultee_is_renamed_then_kept_and_none_is_deleted(site, client):
    consultation.load_consultees()
    icb = ConsulteeCategory.objects.get(key="icb")
    client.force_login(make_publisher())
    client.post(reverse("feedback_consultees:edit", args=[icb.pk]), {"label": "The regional health board"})
    icb.refresh_from_db()
    assert (icb.label, icb.key) == ("The regional health board", "icb")
    client.force_login(make_writer())
    assert client.get(reverse("feedback_consultees:edit", args=[icb.pk])).status_code in (302, 403)


def test_page_when_rounds_are_public_then_shown_with_views_and_numbers_and_no_cookie(site, client):
    founding.found(site)
    found = make_round(site, views_on_layout="Start from the worry.", what_changed="We did.")
    invite(found, "icb", date(2025, 1, 12), responded=True, summary="They agree.")
    make_round(site, title="Not yet public", published=False)
    response = client.get("/have-your-say/how-we-made-this/")
    text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
    assert response.status_code == 200
    assert not response.cookies
    assert "Start from the worry." in text
    assert "Who was invited: 1, and 1 answered" in text
    assert "Not yet public" not in text
    assert "/have-your-say/how-we-made-this/" in client.get("/").content.decode()


def test_founding_when_repeated_then_nothing_is_made_twice(site):
    founding.found(site)
    founding.found(site)
    from feedback.models import HaveYourSayPage, HowWeMadeThisPage

    assert HaveYourSayPage.objects.count() == HowWeMadeThisPage.objects.count() == 1
    assert HaveYourSayPage.objects.get().get_url() == "/have-your-say/"
