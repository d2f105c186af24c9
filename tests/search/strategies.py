"""Documents and questions of every shape, over a small world where they often meet."""

from datetime import date, time

from hypothesis import strategies as st

from search.documents import SearchDocument, Session
from search.engines.base import PAGE, SERVICE, Order, Question
from search.engines.text import FIELDS
from search.facets import AGE_BANDS, STATUSES, WHEN
from search.synonyms import Thesaurus
from services.enums import CostKind, Day, Level, Scope, SectionKey, SessionWhen

AUTHORITIES = (1, 2)
SOME_WORDS = """
    autism autistic swimming swim club clubs school nurse sleep café CAFE won't wont 1:1 école школа
    on the spectrum hydro pool O'Brien's 🦄 and quiet
"""
WORDS = SOME_WORDS.split()
PLACES = (
    (51.4744, -2.5471),
    (51.4755, -2.5502),
    (51.45, -2.60),
    (51.38, -2.36),
    (51.90, -2.07),
    (53.48, -2.24),
    (55.95, -3.19),
    (50.12, -5.53),
)
NEEDS = ("ASD", "SLCN", "PD", "HI")
CATEGORIES = ("short_breaks", "special_school", "helpline")
ACCESS = ("step_free", "hoist")
DELIVERY = ("in_person", "online")
CIRCUMSTANCES = ("young_carer", "home_educated")
THESAURUS = Thesaurus([["autism", "autistic", "on the spectrum"], ["swim", "hydro pool", "swimming"]])


def _some(values) -> st.SearchStrategy:
    return st.lists(st.sampled_from(list(values)), max_size=3, unique=True).map(tuple)


text = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
ages = st.tuples(st.none() | st.integers(0, 30), st.none() | st.integers(0, 30)).filter(
    lambda pair: None in pair or pair[0] <= pair[1]
)
sessions = st.builds(
    Session,
    days=_some(Day.values),
    opens=st.none() | st.sampled_from([time(9), time(15, 30), time(19)]),
    closes=st.none() | st.sampled_from([time(12), time(17), time(21), time(2)]),
    when=st.sampled_from(SessionWhen.values),
)


@st.composite
def document(draw, object_id: int) -> SearchDocument:
    youngest, oldest = draw(ages)
    name = f"{draw(text)} {object_id:03}"
    return SearchDocument(
        kind=draw(st.sampled_from([SERVICE, SERVICE, SERVICE, PAGE])),
        object_id=object_id,
        name=name,
        authorities=frozenset(draw(_some(AUTHORITIES))),
        everywhere=draw(st.booleans()),
        section=draw(st.sampled_from(SectionKey.values)),
        needs=draw(_some(NEEDS)),
        categories=draw(_some(CATEGORIES)),
        level=draw(st.sampled_from(["", *Level.values])),
        costs=draw(_some(CostKind.values)),
        sessions=tuple(draw(st.lists(sessions, max_size=2))),
        access=draw(_some(ACCESS)),
        sen_status=draw(_some(["any", *STATUSES])),
        delivery=draw(_some(DELIVERY)),
        circumstances=draw(_some(CIRCUMSTANCES)),
        scope=draw(st.sampled_from(Scope.values)),
        min_age=youngest,
        max_age=oldest,
        points=draw(_some(PLACES)),
        last_checked=draw(st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 5))),
        text={"name": name, **{field: draw(text) for field in FIELDS if field != "name"}},
        card={"name": name},
    )


@st.composite
def documents(draw) -> list[SearchDocument]:
    return [draw(document(number)) for number in range(1, draw(st.integers(0, 14)) + 1)]


VALUES = {
    "need": [*NEEDS, "nothing-has-this"],
    "ages": list(AGE_BANDS),
    "section": SectionKey.values,
    "category": CATEGORIES,
    "level": Level.values,
    "cost": CostKind.values,
    "when": list(WHEN),
    "day": Day.values,
    "access": ACCESS,
    "sen": STATUSES,
    "delivery": DELIVERY,
    "circumstances": CIRCUMSTANCES,
    "scope": Scope.values,
}


@st.composite
def questions(draw) -> Question:
    chosen = draw(st.lists(st.sampled_from(list(VALUES)), max_size=3, unique=True))
    near = draw(st.none() | st.sampled_from(PLACES))
    return Question(
        authority=draw(st.sampled_from([*AUTHORITIES, 99])),
        concepts=THESAURUS.concepts(draw(text)),
        filters={
            facet: frozenset(draw(st.lists(st.sampled_from(list(VALUES[facet])), min_size=1, max_size=3)))
            for facet in chosen
        },
        age=draw(st.none() | st.integers(0, 25)),
        near=near,
        within=draw(st.none() | st.sampled_from([0.05, 1, 5, 20, 150])) if near else None,
        order=draw(st.sampled_from(Order)),
        start=draw(st.sampled_from([0, 0, 3, 6, 900])),
        size=3,
        widen=(10, 200),
        kind=draw(st.sampled_from([SERVICE, SERVICE, SERVICE, PAGE])),
        beside=draw(st.sampled_from([0, 2])),
    )
