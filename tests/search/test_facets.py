"""How each facet reads a document."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.documents import SearchDocument, Session
from search.facets import AGE_BANDS, FACETS, STATUSES, offered, read
from services.models import Need, VocabularyTerm
from services.models.vocabulary import BroadArea
from tests.factories import make_category, make_need


def document(**fields) -> SearchDocument:
    return SearchDocument("service", 1, "Club", frozenset({1}), **fields)


def session(days=("MO",), opens=None, closes=None, when="all_year") -> Session:
    return Session(tuple(days), opens, closes, when)


@pytest.mark.parametrize(
    ("ages", "bands"),
    [
        ((None, None), list(AGE_BANDS)),
        ((5, 10), ["5-10"]),
        ((4, 11), ["0-4", "5-10", "11-15"]),
        ((None, 3), ["0-4"]),
        ((19, None), ["19-25"]),
        ((26, 60), []),
        ((10, 10), ["5-10"]),
    ],
)
def test_ages_when_ranges_overlap_then_in_the_band_and_an_open_end_is_open(ages, bands):
    assert read(document(min_age=ages[0], max_age=ages[1])).get("ages", []) == sorted(bands)


def test_cost_when_nobody_stated_it_then_not_stated_and_never_free():
    assert read(document())["cost"] == ["not_stated"]
    assert read(document(costs=("free", "charged")))["cost"] == ["charged", "free"]


@pytest.mark.parametrize("stated", [(), ("any",), ("any", "no_diagnosis")])
def test_sen_when_open_to_any_child_or_unstated_then_there_for_every_status(stated):
    assert read(document(sen_status=stated))["sen"] == sorted(STATUSES)


def test_sen_when_stated_then_only_that():
    assert read(document(sen_status=("ehc_plan",)))["sen"] == ["ehc_plan"]


@pytest.mark.parametrize(
    ("one", "when"),
    [
        (session(["SA"]), ["weekends"]),
        (session(["MO"], time(15, 30), time(17)), ["after_school"]),
        (session(["MO"], time(9), time(17)), []),
        (session(["SU"], time(15, 30), time(17)), ["weekends"]),
        (session(["MO"], time(15, 30), time(17), "school_holidays"), ["school_holidays"]),
        (session(["WE"], time(19), time(21)), ["evenings"]),
        (session(["WE"], time(19)), ["evenings"]),
        (session(["FR"], time(20), time(8)), ["evenings"]),
        (session(["FR"], time(0), time(23, 59)), ["evenings"]),
        (session(["FR"]), []),
        (session([], time(19), time(21)), ["evenings"]),
    ],
)
def test_when_when_a_session_is_at_a_time_then_that_time(one, when):
    assert read(document(sessions=(one,))).get("when", []) == sorted(when)


def test_day_when_several_sessions_then_every_day_of_them():
    assert read(document(sessions=(session(["MO", "SA"]), session(["MO", "TU"]))))["day"] == [
        "MO",
        "SA",
        "TU",
    ]


def test_read_when_a_fact_is_missing_then_its_facet_says_nothing():
    assert set(read(document())) == {"ages", "cost", "sen"}


def test_facets_when_declared_then_once_each():
    keys = [facet.key for facet in FACETS]
    assert len(keys) == len(set(keys)) == 13


def test_offered_when_needs_are_loaded_then_under_the_broad_areas_in_order(db):
    make_need("PD", label="Moving", area=BroadArea.SENSORY_PHYSICAL, order=1)
    make_need("ASD", label="Autism", area=BroadArea.COMMUNICATION, order=2)
    assert [(o.value, o.group) for o in offered()["need"]] == [
        ("ASD", "Communication and interaction"),
        ("PD", "Senses and body"),
    ]


def test_offered_when_a_term_is_retired_or_new_then_it_goes_or_comes(db):
    make_need("ASD", area=BroadArea.COMMUNICATION)
    make_category("helpline", section="advice")
    assert [o.value for o in offered()["need"]] == ["ASD"]
    make_need("PD", area=BroadArea.SENSORY_PHYSICAL)
    Need.objects.filter(key="ASD").update(retired=True)
    Need.objects.get(key="PD").save()
    assert [(o.value, o.group) for o in offered()["need"]] == [("PD", "Senses and body")]
    assert offered()["category"][0].group == "Advice and people to talk to"


def test_offered_when_statuses_are_loaded_then_any_child_is_not_a_choice(db):
    for key in ("any", "ehc_plan"):
        VocabularyTerm.objects.create(kind="sen_status", key=key, label=key)
    assert [o.value for o in offered()["sen"]] == ["ehc_plan"]


times = st.none() | st.times()
days = st.lists(st.sampled_from(["MO", "SA", "XX", ""]), max_size=3).map(tuple)


@given(st.lists(st.builds(Session, days, times, times, st.text(max_size=5)), max_size=3).map(tuple))
def test_read_when_sessions_are_odd_then_it_never_fails(sessions):
    assert set(read(document(sessions=sessions)).get("when", [])) <= {
        "weekends", "after_school", "evenings", "school_holidays",
    }  # fmt: skip
