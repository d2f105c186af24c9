"""The guided finder: one question a page, nothing kept, an outcome at the end of every way."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localoffer.regulations import Section
from search import guided, index
from search.models import GuidedFinderPage
from tests.factories import make_home, make_need, make_section, make_service


def option(key: str, label: str = "", **fields) -> dict:
    return {"key": key, "label": label or key, "hint": "", "filters": [], "outcome": "", "then": "", **fields}


def choice(key: str, *options: dict, title: str = "") -> tuple:
    return "choice", {"key": key, "title": title or f"Which {key}?", "hint": "", "options": list(options)}


X, Y = option("x"), option("y")
AGE = ("age", {"title": "How old?", "hint": ""})
PLACE = ("postcode", {"title": "Where?", "hint": "", "within": "5"})


def outcome(key: str, **fields) -> tuple:
    given = {"key": key, "title": f"Outcome {key}", "introduction": "Read on.", "words": "", "filters": []}
    return "outcome", {**given, "next_steps": [], "rights": [], "people": [], **fields}


def make_finder(home, questions: list | None = None, outcomes: list | None = None) -> GuidedFinderPage:
    questions = questions or [
        AGE,
        choice(
            "worry",
            option("sleep", "Not <sleeping>", outcome="sleep", then="postcode"),
            option("school", "School", outcome="school"),
        ),
        choice("need", option("autism", filters=["need=ASD"]), option("any")),
        PLACE,
    ]
    outcomes = outcomes or [
        outcome("sleep", words="sleep", next_steps=["<p>Rest.</p>"], rights=["transport.arrangements"]),
        outcome("school", filters=["section=education"]),
    ]
    page = GuidedFinderPage(
        title="Help me find something", slug="find-help", questions=questions, outcomes=outcomes
    )
    home.add_child(instance=page)
    return page


@pytest.fixture
def home(db):
    return make_home()


def get(client, query: str = "") -> str:
    response = client.get(f"/find-help/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def heading(html: str) -> str:
    return " ".join(
        unescape(re.sub("<[^>]*>", "", re.search(r"<h1>(.*?)</h1>", html, re.DOTALL).group(1))).split()
    )


def test_finder_when_opened_then_the_first_question_and_open_to_robots(client, home):
    make_finder(home)
    html = get(client)
    assert heading(html) == "How old?"
    assert '<meta name="robots" content="all">' in html
    assert "question 1 of 4" in html


def test_finder_when_answered_then_the_next_with_earlier_answers_along_and_ways_back(client, home):
    make_finder(home)
    html = get(client, "age=7&asked=age")
    assert heading(html) == "Which worry?"
    assert '<input type="hidden" name="age" value="7">' in html
    back = unescape(re.search(r'href="(/find-help/\?[^"]*)">\s*<svg[^>]*>.*?Back', html, re.DOTALL).group(1))
    again = client.get(back).content.decode()
    assert heading(again) == "How old?"
    assert 'value="7"' in again
    assert '<meta name="robots" content="noindex, follow">' in html


def test_finder_when_an_option_skips_ahead_then_the_questions_between_are_not_asked(client, home):
    make_finder(home)
    assert heading(get(client, "age=7&worry=sleep")) == "Where?"
    assert heading(get(client, "age=7&worry=school")) == "Which need?"


def test_finder_when_at_the_end_then_services_steps_and_rights(client, home):
    make_section(
        Section.TRANSPORT,
        home=home,
        slug="transport",
        live=True,
        answers=None,
    )
    make_need("ASD")
    make_service(home.get_site(), name="Sleep clinic", min_age=5, max_age=9)
    make_service(home.get_site(), name="Sleep for teens", min_age=13, max_age=19)
    make_finder(home)
    index.rebuild()
    html = get(client, "age=7&worry=sleep&postcode=BS5")
    assert heading(html) == "Outcome sleep"
    assert "See 1 service" in html
    url = unescape(re.search(r'class="button" href="(/services/\?[^"]*)"', html).group(1))
    expected = {"q": ["sleep"], "age": ["7"], "postcode": ["BS5"], "within": ["5"]}
    assert parse_qs(urlsplit(url).query) == expected
    assert "Rest." in html
    assert "/transport/#" in html
    assert "Not &lt;sleeping&gt;" in html


def test_finder_when_nothing_fits_then_it_says_so_and_leads_to_ways_back(client, home):
    make_finder(home)
    index.rebuild()
    assert "We found no service that fits all of your answers" in get(
        client, "age=7&worry=sleep&postcode=BS5"
    )


def test_finder_when_age_and_place_are_left_empty_then_passed_over(client, home):
    make_finder(home)
    assert heading(get(client, "age=&asked=age")) == "Which worry?"
    assert heading(get(client, "age=-&worry=sleep&postcode=&asked=postcode")) == "Outcome sleep"


@pytest.mark.parametrize(
    ("query", "title", "told"),
    [
        ("age=-&asked=worry", "Which worry?", guided.CHOOSE),
        ("age=-&asked=worry&worry=x", "Which worry?", guided.CHOOSE),
        ("age=99&asked=age", "How old?", "from 0 to 25"),
        ("age=-&worry=sleep&postcode=zz&asked=postcode", "Where?", "does not look like a postcode"),
    ],
)
def test_finder_when_the_answer_cannot_be_used_then_the_question_again_with_the_reason(
    client, home, query, title, told
):
    make_finder(home)
    html = get(client, query)
    assert heading(html) == title
    assert told in html
    assert "<title>Error:" in html
    assert 'role="alert"' in html


def test_finder_when_a_question_is_not_answered_yet_then_no_error(client, home):
    make_finder(home)
    assert "Error:" not in get(client, "age=7&asked=age")


def test_finder_when_read_then_nothing_is_kept(client, home):
    make_finder(home)
    response = client.get("/find-help/?age=7&worry=sleep&postcode=BS5")
    assert not response.cookies
    assert client.post("/find-help/", {"age": "7"}).status_code in (200, 403, 405)


def test_outcome_when_no_answer_names_one_then_the_last(home):
    page = make_finder(home, [choice("a", option("x"), option("y"))])
    walk = guided.walk(guided.questions(page.questions), {"a": "x"})
    assert guided.outcome(page.outcomes, walk.outcome).key == "school"


def test_outcome_when_two_answers_name_one_then_the_later(home):
    page = make_finder(
        home,
        [
            choice("a", option("x", outcome="sleep"), option("y")),
            choice("b", option("z", outcome="school"), option("w")),
        ],
    )
    asked = guided.questions(page.questions)
    assert guided.walk(asked, {"a": "x", "b": "z"}).outcome == "school"
    assert guided.walk(asked, {"a": "x", "b": "w"}).outcome == "sleep"


@pytest.mark.parametrize(
    ("questions", "outcomes", "told"),
    [
        ([choice("a", option("x", outcome="nowhere"), option("y"))], None, "no outcome “nowhere”"),
        ([choice("a", option("x", then="b"), option("y"))], None, "no later question “b”"),
        ([choice("b", X, Y), choice("a", option("x", then="b"), Y)], None, "no later question"),
        ([choice("a", option("x"), option("x"))], None, "two options"),
        ([choice("a", X, Y), choice("a", X, Y)], None, "Two questions"),
        ([choice("age", option("x"), option("y"))], None, "is taken"),
        ([AGE], [outcome("a"), outcome("a")], "Two outcomes"),
    ],
)  # fmt: skip
def test_finder_when_a_way_leads_nowhere_then_refused_with_the_place(home, questions, outcomes, told):
    with pytest.raises(ValidationError, match=told):
        make_finder(home, questions, outcomes)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["age", "worry", "need", "postcode", "asked", "change", "x"]),
            st.text(max_size=30)
            | st.sampled_from(["7", "sleep", "school", "autism", "BS5", "-", "age", "worry"]),
        ),
        max_size=8,
    )
)
def test_walk_when_anything_is_in_the_address_then_a_question_or_an_end(home, pairs):
    page = GuidedFinderPage.objects.first() or make_finder(home)
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    request = RequestFactory().get(
        "/find-help/", {n: v.encode("utf-8", "replace").decode() for n, v in pairs}
    )
    asked = guided.questions(page.questions)
    walk = guided.walk(asked, data)
    assert len(walk.given) <= len(asked)
    context = page.get_context(request)
    assert context.get("asking") or context["reached"]


def test_guided_when_there_is_one_then_the_front_page_and_the_search_lead_to_it(client, authority):
    home = make_home()
    make_finder(home, [choice("worry", option("a", "A", outcome="x"))], [outcome("x")])
    make_service(authority, name="Owls")
    index.rebuild()
    for address in ("/", "/services/", "/services/?q=owls", "/services/?q=nothing"):
        assert 'href="/find-help/"' in client.get(address).content.decode().partition("<footer")[0], address
