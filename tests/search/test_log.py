"""Counts of searches: what is kept, what never is, and for how long."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from localoffer.clock import today
from localoffer.models import GuidancePage
from search import index, log
from search.models import RareSearch, SearchCount
from tests.factories import make_authority, make_home, make_page, make_service


@pytest.fixture(autouse=True)
def _nothing_held():
    log.forget()
    yield
    log.forget()


def the_next_day() -> None:
    """What was counted until now was counted a day before."""
    log.flush()
    RareSearch.objects.update(since=F("since") - timedelta(days=1))


def record(authority, q: str, times: int = 1, **fields) -> None:
    """So many searches, the last of them on another day."""
    for number in range(times):
        if number == times - 1:
            the_next_day()
        log.record(**{"authority": authority.pk, "q": q, "failed": True, **fields})
    log.flush()


def kept() -> list[tuple[str, str, int, int]]:
    return list(
        SearchCount.objects.order_by("words", "outcode").values_list("words", "outcode", "searches", "failed")
    )


def everything_stored() -> str:
    return str([list(model.objects.values_list()) for model in (SearchCount, RareSearch)])


def test_log_when_a_search_is_rare_then_its_words_are_nowhere(authority):
    record(authority, "Horse riding", log.ENOUGH - 1, outcode="BS5")
    assert kept() == []
    assert "horse" not in everything_stored().lower()
    assert "BS5" not in everything_stored()


def test_log_when_enough_search_for_the_same_then_kept_with_all_of_them(authority):
    record(authority, "Horse riding", log.ENOUGH - 1)
    record(authority, "HORSE  riding!", 1, failed=False)
    assert kept() == [("horse riding", "", log.ENOUGH, log.ENOUGH - 1)]
    assert not RareSearch.objects.exists()
    record(authority, "horse riding", 2)
    assert kept() == [("horse riding", "", log.ENOUGH + 2, log.ENOUGH + 1)]


def test_log_when_all_are_of_one_day_then_not_kept_for_one_person_may_have_looked_again_and_again(authority):
    for _ in range(log.ENOUGH * 3):
        log.record(authority=authority.pk, q="jayden smith", failed=True)
    log.flush()
    assert kept() == []
    assert "jayden" not in everything_stored()
    record(authority, "jayden smith")
    assert kept() == [("jayden smith", "", log.ENOUGH * 3 + 1, log.ENOUGH * 3 + 1)]


def test_log_when_too_few_come_from_one_place_then_the_place_is_not_kept(authority):
    record(authority, "horse riding", log.ENOUGH)
    record(authority, "horse riding", log.ENOUGH - 1, outcode="BS5")
    assert kept() == [("horse riding", "", 2 * log.ENOUGH - 1, 2 * log.ENOUGH - 1)]
    record(authority, "horse riding", 1, outcode="BS5")
    assert ("horse riding", "BS5", log.ENOUGH, log.ENOUGH) in kept()


@pytest.mark.parametrize(
    "q",
    ["ring 07700 900123", "me@example.org", "autism BS5 6RJ", "bs56rj autism", "born 2014",
     "my son is called Alfie and he cannot go to school", "", "!!!"],
)  # fmt: skip
def test_log_when_words_could_say_who_then_never_counted(authority, q):
    record(authority, q, log.ENOUGH * 2)
    assert kept() == []
    assert not RareSearch.objects.exists()


@given(st.text(max_size=200))
def test_normalised_when_anything_is_typed_then_short_and_without_telltales(q):
    words = log.normalised(q)
    assert len(words) <= log.LONGEST
    assert "@" not in words


def test_log_when_rare_for_too_long_then_it_begins_again(authority):
    record(authority, "horse riding", log.ENOUGH - 1)
    RareSearch.objects.update(since=today() - timedelta(days=log.WINDOW_DAYS))
    record(authority, "horse riding", 1)
    assert kept() == []
    assert RareSearch.objects.get().searches == 1


def test_log_when_two_authorities_then_their_counts_are_apart(authority):
    other = make_authority("Elsewhere", hostname="elsewhere.example")
    record(authority, "horse riding", log.ENOUGH - 1)
    record(other, "horse riding", log.ENOUGH - 1)
    assert kept() == []


def test_log_when_the_authority_is_gone_then_nothing_breaks(authority, django_db_blocker):
    log.record(authority=authority.pk, q="horse", failed=True)
    log.forget()
    log.record(authority=0, q="horse", failed=True)
    log.flush()
    assert kept() == []


def test_log_when_the_database_is_busy_then_counts_wait_for_the_next_time(authority, monkeypatch):
    def busy(*given):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(log, "_keep", busy)
        record(authority, "horse riding", log.ENOUGH - 1)
    assert everything_stored() == "[[], []]"
    record(authority, "horse riding", 1)
    assert kept() == [("horse riding", "", log.ENOUGH, log.ENOUGH)]


def test_purge_when_run_then_old_counts_and_lasting_rarities_go(authority, capsys):
    record(authority, "new", log.ENOUGH)
    record(authority, "rare")
    old = today() - timedelta(days=log.KEEP_DAYS + 1)
    SearchCount.objects.create(authority=authority, day=old, words="old", searches=9)
    RareSearch.objects.update(since=today() - timedelta(days=log.WINDOW_DAYS))
    call_command("purge_search_log")
    assert [words for words, *_ in kept()] == ["new"]
    assert not RareSearch.objects.exists()
    assert "1 rare searches forgotten, 1 old counts deleted" in capsys.readouterr().out


# -- from the page -----------------------------------------------------------------------------


def search(client, query: str, times: int = log.ENOUGH) -> None:
    for number in range(times):
        if number == times - 1:
            the_next_day()
        client.get(f"/services/?{query}", REMOTE_ADDR="203.0.113.7")
    log.flush()


def test_page_when_nothing_is_found_then_counted_as_failed_with_the_first_half_of_the_postcode(
    client, authority
):
    make_service(authority, name="Owl group")
    index.rebuild()
    search(client, "q=trampolining&postcode=BS5+6RJ&age=7")
    assert kept() == [("trampolining", "", 5, 5), ("trampolining", "BS5", 5, 5)]
    assert "203.0" not in everything_stored()
    assert "6RJ" not in everything_stored()


def test_page_when_only_a_filter_empties_it_then_it_has_not_failed(client, authority):
    make_service(authority, name="Owl group", min_age=10, max_age=12)
    index.rebuild()
    search(client, "q=owl&age=3")
    assert kept() == [("owl", "", 5, 0)]


@pytest.mark.parametrize(
    ("q", "failed"), [("owl haircut", 5), ("owls", 0), ("owl leaflet", 0), ("haircut", 5)]
)
def test_page_when_a_word_is_nowhere_then_it_has_failed_though_others_are_found(client, authority, q, failed):
    make_service(authority, name="Owl group")
    make_page(GuidancePage, make_home(), body="<p>Ask for a leaflet of owls.</p>")
    index.rebuild()
    search(client, f"q={q}")
    assert kept() == [(q, "", 5, failed)]


def test_page_when_a_later_page_or_no_words_then_not_counted(client, authority):
    make_service(authority, name="Owl group")
    index.rebuild()
    search(client, "q=owl&page=2")
    search(client, "age=7")
    assert kept() == []


def test_page_when_searched_often_at_once_then_it_costs_no_write(
    client, authority, django_assert_max_num_queries
):
    make_service(authority, name="Owl group")
    index.rebuild()
    search(client, "q=owl", 1)
    with django_assert_max_num_queries(8) as queries:
        client.get("/services/?q=owl")
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))]
