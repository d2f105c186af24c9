"""Ratings by month: history is never changed by later months, and what slipped comes first."""

import csv
import re
from datetime import date

import pytest
from django.conf import settings as site_settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import PageLogEntry
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from localoffer import evaluation
from localoffer.demo_account import load_account
from localoffer.evaluation import SHIPPED, CannotRate, Movement, load_sets, rate, read
from localoffer.founding import make_groups
from localoffer.models import (
    EvaluationEntry,
    EvaluationItem,
    EvaluationSet,
    Rating,
    SelfEvaluationPage,
    Visibility,
)
from tests.factories import make_home, make_user

NOW = date(2026, 11, 26)


def make_set(*codes: str, key: str = "own-set") -> EvaluationSet:
    held = EvaluationSet(key=key, version="1", title="Questions")
    held.items = [EvaluationItem(code=c, text=f"Question {c}", heading="All", sort_order=n)
                  for n, c in enumerate(codes or ("A1", "A2"))]  # fmt: skip
    held.save()
    return held


def make_evaluation(held: EvaluationSet | None = None, **fields) -> SelfEvaluationPage:
    fields = {
        "title": "How we judge ourselves",
        "introduction": "x",
        "visibility": Visibility.PUBLIC,
    } | fields
    page = SelfEvaluationPage(slug="judge", evaluation_set=held or make_set(), **fields)
    make_home().add_child(instance=page)
    return page


def said(page: SelfEvaluationPage, user, month: date, **ratings: str) -> int:
    items = {item.code: item.pk for item in page.evaluation_set.items.all()}
    chosen = {items[code]: key for code, key in ratings.items()}
    return rate(page=page, month=month, ratings=chosen, user=user, today=NOW)


@pytest.mark.django_db
def test_sets_when_loaded_twice_then_once_and_whole():
    assert load_sets() == len(list(SHIPPED.glob("*.json"))) == 4
    assert load_sets() == 0
    codes = {held.key: [item.code for item in held.items.all()] for held in EvaluationSet.objects.all()}
    assert {f"A{n}" for n in range(1, 19)} | {f"B{n}" for n in range(1, 7)} | {
        f"C{n}" for n in range(1, 20)
    } <= set(codes["area-inspection"])
    assert codes["leadership"] == [f"L{n}" for n in range(1, 9)]
    assert codes["marks-of-success"] == [f"M{n}" for n in range(1, 9)]
    assert codes["own"] == []


@pytest.mark.django_db
def test_rating_when_it_moves_then_better_slipped_and_what_it_was(admin_user):
    page = make_evaluation(make_set("A1", "A2", "A3", "A4"))
    said(page, admin_user, date(2026, 9, 1), A1="red", A2="green", A3="amber")
    said(page, admin_user, date(2026, 11, 9), A1="amber", A2="amber", A3="amber")
    rows = {row.item.code: row for row in read(page, NOW).rows}
    assert [rows[c].movement for c in ("A1", "A2", "A3", "A4")] == [
        Movement.BETTER, Movement.SLIPPED, Movement.SAME, Movement.NONE]  # fmt: skip
    assert rows["A1"].movement_words == "Better: it was “Substantial work to do”"
    groups = [(group.title, [row.item.code for row in group.rows]) for group in read(page, NOW).exceptions]
    assert groups == [
        ("Slipped", ["A2"]),
        ("Better than before", ["A1"]),
        ("Amber: next steps", ["A3"]),
        ("Not rated yet", ["A4"]),
    ]


@pytest.mark.django_db
def test_reading_when_an_earlier_month_is_asked_then_later_ratings_are_not_known(admin_user):
    page = make_evaluation()
    said(page, admin_user, date(2026, 9, 1), A1="red")
    said(page, admin_user, date(2026, 11, 1), A1="green")
    assert read(page, date(2026, 10, 5)).rows[0].now.key == "red"
    assert [m.mark and m.mark.key for m in read(page, NOW).rows[0].months] == [
        None, None, None, "red", None, "green"]  # fmt: skip


@pytest.mark.django_db
def test_rate_when_the_month_is_to_come_or_the_word_is_none_then_refused_and_nothing_kept(admin_user):
    page = make_evaluation()
    items = list(page.evaluation_set.items.all())
    for month, ratings, words in (
        (date(2026, 12, 1), {items[0].pk: "red"}, "December 2026 has not come yet"),
        (NOW, {items[0].pk: "red", items[1].pk: "purple"}, "A2: “purple” is not a rating"),
        (NOW, {items[0].pk: "red", 10**6: "red"}, "not in this set any more"),
    ):
        with pytest.raises(CannotRate, match=words):
            rate(page=page, month=month, ratings=ratings, user=admin_user, today=NOW)
    assert not Rating.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["Council editor", "Forum editor"])
def test_rate_when_the_page_is_live_then_only_for_those_who_publish(client, role):
    page = make_evaluation()
    make_groups()
    user = make_user("rater", groups=[role])
    client.force_login(user)
    item = page.evaluation_set.items.get(code="A1")
    where = reverse("rate_evaluation", args=[page.pk])
    client.post(where, {"month": f"{date.today():%Y-%m}", f"item-{item.pk}": "green"})
    assert not page.ratings.exists()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert where not in client.get(edit).content.decode()
    page.unpublish()
    assert where in client.get(edit).content.decode()


def test_rate_when_said_again_then_only_the_change_is_counted_and_logged(admin_user):
    page = make_evaluation()
    assert said(page, admin_user, NOW, A1="red", A2="green") == 2
    assert said(page, admin_user, NOW, A1="amber", A2="green") == 1
    data = PageLogEntry.objects.filter(action=evaluation.RATED).order_by("pk").last().data
    assert data == {"code": "A1", "month": "2026-11", "was": "red", "now": "amber"}
    with pytest.raises(PermissionDenied):
        said(page, make_user("nobody"), NOW, A1="green")


@pytest.mark.django_db
def test_item_when_it_has_history_and_is_taken_out_then_retired_and_still_read(admin_user):
    page = make_evaluation()
    said(page, admin_user, NOW, A1="red")
    held = page.evaluation_set
    held.items = []
    held.save()
    assert [(i.code, i.retired) for i in EvaluationItem.objects.all()] == [("A1", True)]
    assert [row.item.code for row in read(page, NOW).rows] == ["A1"]
    with pytest.raises(CannotRate):
        said(page, admin_user, NOW, A1="green")


@pytest.mark.django_db
def test_page_when_read_then_word_symbol_and_evidence_and_queries_do_not_grow(
    client, admin_user, django_assert_max_num_queries
):
    page = make_evaluation(make_set(*(f"A{n}" for n in range(1, 19))))
    item = page.evaluation_set.items.get(code="A1")
    page.entries = [
        EvaluationEntry(
            item=item,
            achieved="Much.",
            owner="Head of SEND",
            due_on=date(2020, 1, 1),
            evidence=[
                ("coverage", {"requirement": "adv.sources"}),
                ("comment", {"reference": "HYS-7K3Q9-2M"}),
                ("link", {"words": "A report", "url": "https://example.org/"}),
            ],
        )
    ]
    page.save_revision().publish()
    said(page, admin_user, NOW, A1="amber", A2="red")
    client.get(page.get_url())
    with django_assert_max_num_queries(14):
        html = client.get(page.get_url()).content.decode()
    assert "#i-triangle" in html
    assert "Started, not yet embedded" in html
    assert "Due and not done" in html
    assert '<a href="/have-your-say/comments/HYS-7K3Q9-2M/">' in html
    assert '<a href="https://example.org/">A report</a>' in html
    anchor = re.search(r'href="/coverage/(#[^"]+)">How we answer', html)[1]
    assert f'id="{anchor[1:]}"' in client.get("/coverage/").content.decode()


@pytest.mark.django_db
def test_exceptions_when_downloaded_then_the_worst_first_safe_and_only_for_the_pages_readers(
    client, admin_user
):
    page = make_evaluation()
    item = page.evaluation_set.items.get(code="A2")
    page.entries = [
        EvaluationEntry(item=item, next_steps="=1+1", owner="Head of SEND", due_on=date(2020, 1, 1))
    ]
    page.save_revision().publish()
    said(page, admin_user, NOW, A1="green", A2="red")
    assert 'href="?format=csv"' in client.get(page.get_url()).content.decode()
    rows = list(
        csv.reader(client.get(page.get_url() + "?format=csv").content.decode("utf-8-sig").splitlines())
    )
    assert [row[1] for row in rows[1:3]] == ["A2", "A1"]
    assert rows[1][0] == "Red: substantial work to do"
    assert rows[1][6:] == ["'=1+1", "Head of SEND", "2020-01-01", "Yes"]
    page.visibility = Visibility.STAFF
    page.save_revision().publish()
    assert "csv" not in client.get(page.get_url() + "?format=csv").headers["Content-Type"]


@pytest.mark.django_db
def test_admin_when_a_month_is_rated_then_kept_and_a_month_to_come_is_told(client, admin_user):
    page = make_evaluation()
    items = list(page.evaluation_set.items.all())
    where = reverse("rate_evaluation", args=[page.pk])
    make_groups()
    client.force_login(make_user("viewer", groups=["Viewer"]))
    assert client.post(where, {"month": "2026-01"}).status_code in (302, 403)
    client.force_login(admin_user)
    posted = {"month": "2026-01", f"item-{items[0].pk}": "red", f"item-{items[1].pk}": ""}
    html = client.post(where, posted, follow=True).content.decode()
    assert "January 2026: 1 ratings kept." in html
    assert Rating.objects.get().month == date(2026, 1, 1)
    html = client.post(where, posted | {"month": "2099-01"}).content.decode()
    assert "has not come yet" in html
    html = client.get(where, {"month": "2099-01"}).content.decode()
    assert "January 2099 has not come yet" in html
    assert "<h2>January 2099</h2>" not in html
    html = client.post(where, posted | {"month": "soon"}).content.decode()
    assert "such as 2026-11" in html
    assert Rating.objects.count() == 1


@pytest.mark.django_db
def test_demonstration_when_loaded_then_every_question_is_rated_and_one_slipped(client):
    site = make_home().get_site()
    call_command("load_question_sets")
    load_account(site, site_settings.BASE_DIR / "demo")
    found = read(SelfEvaluationPage.objects.get(), NOW)
    assert (len(found.rows), found.unrated) == (44, 0)
    assert [row.item.code for row in found.exceptions[0].rows] == ["C14"]
    assert "invented" in client.get("/how-we-judge-ourselves/").content.decode()


class HistoryTests(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.tuples(st.integers(1, 11), st.sampled_from(["red", "amber", "green"])), max_size=12))
    def test_history_when_any_months_are_rated_then_the_last_word_stands_and_older_months_stay(self, told):
        admin = make_user("boss", is_superuser=True)
        page = make_evaluation()
        expected: dict[int, str] = {}
        for month, key in told:
            said(page, admin, date(2026, month, 1), A1=key)
            expected[month] = key
        row = read(page, NOW).rows[0]
        assert (row.now and row.now.key) == (expected[max(expected)] if expected else None)
        shown = {m.month.month: m.mark.key for m in row.months if m.mark}
        assert shown == {month: key for month, key in expected.items() if month >= 6}


class SelfEvaluationPageTests(WagtailPageTestCase):
    def test_page_when_edited_previewed_and_read_then_it_works(self):
        self.login()
        page = make_evaluation()
        data = nested_form_data(
            {
                "title": page.title,
                "slug": page.slug,
                "introduction": "x",
                "evaluation_set": page.evaluation_set_id,
                "visibility": "public",
                "entries": inline_formset(
                    [
                        {
                            "item": page.evaluation_set.items.first().pk,
                            "achieved": "Much.",
                            "next_steps": "",
                            "owner": "Head of SEND",
                            "due_on": "",
                            "evidence": streamfield([]),
                        }
                    ]
                ),
                "comments-TOTAL_FORMS": 0,
                "comments-INITIAL_FORMS": 0,
            }
        )
        self.assertPageIsRoutable(page)
        self.assertPageIsRenderable(page)
        self.assertPageIsEditable(page, post_data=data)
        self.assertPageIsPreviewable(page, post_data=data)
