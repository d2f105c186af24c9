"""What a person types is understood, or kept and explained; it never fails."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.engines.base import MOST_CONCEPTS, Order
from search.request import DISTANCES, LONGEST_KEPT, LONGEST_QUERY, SearchRequest, read_age

pytestmark = pytest.mark.django_db  # a postcode may be in the table

OFFERED = {"need": ["ASD", "PD"], "cost": ["free", "charged"], "day": ["SA", "SU"]}


def parse(query: str) -> SearchRequest:
    return SearchRequest.parse(QueryDict(query), OFFERED)


# -- ages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "age"),
    [
        ("7", 7), ("0", 0), ("25", 25), (" 7 ", 7), ("07", 7), ("seven", 7), ("Twenty-one", 21),
        ("7 years", 7), ("7 years old", 7), ("7yrs", 7), ("age 7", 7), ("aged 7", 7), ("7.5", 7), ("7½", 7),
        ("18 months", 1), ("6 weeks", 0), ("٧", 7),
    ],
)  # fmt: skip
def test_age_when_written_in_a_usual_way_then_understood(typed, age):
    assert read_age(typed) == age


@pytest.mark.parametrize(
    "typed", ["-1", "999", "26", "seventy", "seven eight", "7 to 9", "abc", "7; DROP TABLE", "99999999", "²"]
)
def test_age_when_it_makes_no_sense_then_kept_and_explained(typed):
    data = QueryDict(mutable=True)
    data["age"] = typed
    data["q"] = "club"
    asked = SearchRequest.parse(data, OFFERED)
    assert asked.age is None
    assert asked.shown("age") == typed
    assert "0 to 25" in asked.problems["age"]
    assert asked.q == "club"


# -- places -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "label"),
    [("bs5", "BS5"), ("B S5 6 X Y", "BS5 6XY"), ("BS5 6RJ", "BS5 6RJ"), (" bs56rj ", "BS5 6RJ")],
)
def test_postcode_when_written_in_a_usual_way_then_found(typed, label):
    asked = SearchRequest.parse(QueryDict(f"postcode={typed}&within=5"), OFFERED)
    assert asked.place.label == asked.shown("postcode") == label
    assert asked.distance == 5
    assert not asked.problems


@pytest.mark.parametrize("typed", ["XX99 9XX", "nowhere", "12345", "☃", "B" * 500])
def test_postcode_when_unknown_then_kept_explained_and_the_rest_still_works(typed):
    asked = parse(f"postcode={typed}&within=5&q=club&age=7")
    assert asked.place is None
    assert asked.distance is None
    assert asked.shown("postcode") == typed
    assert asked.problems["postcode"]
    assert (asked.q, asked.age) == ("club", 7)


def test_within_when_there_is_no_postcode_then_asked_for_and_kept():
    asked = parse("within=5")
    assert asked.within == 5
    assert asked.distance is None
    assert "postcode" in asked.problems


@pytest.mark.parametrize("typed", ["-5", "far", "0", "100000", "nan", "inf", "1e9"])
def test_within_when_it_makes_no_sense_then_kept_and_explained(typed):
    asked = parse(f"postcode=bs5&within={typed}")
    assert asked.within is None
    assert asked.shown("within") == typed
    assert asked.problems["within"]


@pytest.mark.parametrize(
    ("typed", "miles"), [("3", 3), ("5 miles", 5), ("0.5", 0.5), ("any", None), ("", None)]
)
def test_within_when_written_in_a_usual_way_then_understood(typed, miles):
    assert parse(f"postcode=bs5&within={typed}").distance == miles


# -- facets -----------------------------------------------------------------------------


def test_filters_when_known_then_in_the_order_they_are_offered_case_aside():
    assert parse("need=pd&need=ASD&cost=FREE").filters == {"need": ("ASD", "PD"), "cost": ("free",)}


def test_filters_when_a_value_is_unknown_then_told_and_the_others_kept():
    asked = parse("need=ASD&need=zzz&day=")
    assert asked.filters == {"need": ("ASD",)}
    assert "zzz" in asked.problems["need"]


def test_filters_when_a_facet_is_unknown_then_ignored():
    asked = parse("planet=mars&utm_source=x")
    assert asked.filters == {}
    assert not asked.problems
    assert asked.to_query() == ""


def test_filters_when_very_many_values_then_bounded():
    asked = parse("&".join(f"need=v{n}" for n in range(5_000)) + "&need=ASD")
    assert asked.filters == {}
    assert len(asked.problems["need"]) < 100


# -- words ------------------------------------------------------------------------------


def test_q_when_ten_thousand_characters_then_kept_shortened_and_explained():
    typed = "autism " * 1_500
    asked = SearchRequest.parse(QueryDict(f"q={typed}"), OFFERED)
    assert len(asked.q) <= LONGEST_QUERY
    assert len(asked.shown("q")) > 9_000
    assert str(MOST_CONCEPTS) in asked.problems["q"]
    assert len(asked.to_query()) < 2 * LONGEST_QUERY


def test_q_when_longer_than_any_field_then_bounded():
    assert len(SearchRequest.parse(QueryDict("q=" + "a" * 50_000), OFFERED).shown("q")) <= LONGEST_KEPT


def test_q_when_it_holds_no_words_then_explained():
    asked = parse("q=%F0%9F%A6%84+%22*%22")
    assert asked.q == ""
    assert asked.shown("q") == '🦄 "*"'
    assert asked.problems["q"]


def test_q_when_it_holds_controls_or_turns_then_they_are_gone():
    asked = parse("q=swim%00%1b%E2%80%AEclub%E2%81%A9")
    assert asked.q == "swim   club"


# -- the rest ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "page"), [("2", 2), ("9999", 50), ("0", 1), ("-3", 1), ("two", 1), ("9" * 99, 1)]
)
def test_page_when_typed_by_hand_then_within_bounds(typed, page):
    assert parse(f"page={typed}").page == page


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", Order.NAME),
        ("postcode=bs5", Order.DISTANCE),
        ("q=club&postcode=bs5", Order.RELEVANCE),
        ("q=club&postcode=bs5&sort=distance", Order.DISTANCE),
        ("q=club&sort=distance", Order.RELEVANCE),
        ("sort=relevance", Order.NAME),
        ("q=club&sort=nonsense", Order.RELEVANCE),
        ("sort=checked", Order.CHECKED),
    ],
)
def test_order_when_chosen_or_not_then_what_makes_sense(query, order):
    assert parse(query).order == order


def test_to_query_when_parsed_again_then_the_same_search():
    asked = parse("cost=free&need=PD&need=ASD&within=5&postcode=BS56rj&age=seven&q=club&sort=name&page=3")
    query = asked.to_query(page=True)
    assert query == ("q=club&age=7&postcode=BS5+6RJ&within=5&need=ASD&need=PD&cost=free&sort=name&page=3")
    assert parse(query) == asked


def test_to_query_when_something_was_not_understood_then_it_goes_along():
    assert parse("age=seventy&q=club").to_query() == "q=club&age=seventy"


def test_without_when_one_value_then_the_others_stay_and_the_page_is_the_first():
    asked = parse("need=ASD&need=PD&cost=free&page=4").without("need", "ASD")
    assert asked.to_query(page=True) == "need=PD&cost=free"
    assert asked.without("need", "PD").to_query() == "cost=free"
    assert asked.without("need").to_query() == "cost=free"


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("q", "age=7&postcode=BS5&within=5"),
        ("age", "q=club&postcode=BS5&within=5"),
        ("within", "q=club&age=7&postcode=BS5"),
        ("postcode", "q=club&age=7"),
    ],
)
def test_without_when_a_field_then_only_that_goes(name, query):
    assert parse("q=club&age=7&postcode=bs5&within=5").without(name).to_query() == query


def test_without_when_it_was_not_understood_then_the_problem_goes_too():
    asked = parse("age=seventy").without("age")
    assert not asked.problems
    assert asked.to_query() == ""


@pytest.mark.parametrize(
    ("query", "bare"), [("", True), ("utm=1", True), ("q=a", False), ("page=2", False), ("age=x", False)]
)
def test_is_bare_when_anything_is_asked_then_not(query, bare):
    assert parse(query).is_bare is bare


def test_distances_when_offered_then_ascending():
    assert list(DISTANCES) == sorted(DISTANCES)


anything = st.text(max_size=300) | st.sampled_from(["7", "bs5", "ASD", "5", "distance", "free", "club"])
parameters = st.sampled_from(["q", "age", "postcode", "within", "sort", "page", "need", "cost", "day", "x"])


@given(st.lists(st.tuples(parameters, anything), max_size=12))
def test_parse_when_anything_is_typed_then_a_search_that_reads_back_the_same(pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    asked = SearchRequest.parse(data, OFFERED)
    again = SearchRequest.parse(QueryDict(asked.to_query(page=True)), OFFERED)
    assert (again.q, again.age, again.place, again.filters, again.order, again.page) == (
        asked.q, asked.age, asked.place, asked.filters, asked.order, asked.page,
    )  # fmt: skip
    assert len(asked.to_query()) < 6_000
    assert set(asked.unread) <= set(asked.problems)
