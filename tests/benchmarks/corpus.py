"""Made-up services of any number, the same for the same seed: words, needs, ages and places as they are."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from search.documents import SearchDocument, Session
from services.enums import CostKind, Day, Level, Scope, SectionKey, SessionWhen

AUTHORITY = 1
NEEDS = ("ASD", "SLCN", "SEMH", "PD", "HI", "VI", "MLD", "SLD", "SPLD", "MSI")
CATEGORIES = tuple(f"category_{n:02}" for n in range(40))
ACCESS = ("step_free", "hoist", "accessible_toilet", "parking", "quiet_space")
DELIVERY = ("in_person", "online", "phone", "home_visit")
CIRCUMSTANCES = ("young_carer", "home_educated", "in_care", "armed_forces")
# Heard often in the names and texts of services; those early in the list are commonest.
SOME_WORDS = """
    support family help school autism club play speech therapy parents group adhd sensory swimming
    advice nursery holiday respite music sport training travel hearing vision sleep anxiety behaviour
    communication wheelchair riding football drama cooking art dance outdoor siblings carers transition
    college work counselling grants equipment nursing physio signing reading maths dyslexia feeding
"""
COMMON = SOME_WORDS.split()
_STARTS = ("mar", "wel", "oak", "fen", "hol", "bri", "ash", "cam", "der", "sto")
_ENDS = ("ton", "ford", "bury", "well", "ley", "worth", "field", "combe", "wick", "ham")
RARE = tuple(start + end for start in _STARTS for end in _ENDS)
_WEIGHTS = [1 / (place + 2) for place in range(len(COMMON))]
# Around Bristol, as wide as a county for each 2,500 services.
CENTRE = (51.4545, -2.5879)


def services(count: int, seed: int = 20) -> Iterator[SearchDocument]:
    random = Random(seed)
    spread = 0.25 * (count / 2_500) ** 0.5
    for object_id in range(1, count + 1):
        yield _service(random, object_id, min(spread, 2.5))


def _some(random: Random, values: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(random.sample(values, random.randint(0, most)))


def _words(random: Random, count: int) -> str:
    common = random.choices(COMMON, _WEIGHTS, k=count)
    return " ".join(word if random.random() < 0.7 else random.choice(RARE) for word in common)


def _point(random: Random, spread: float) -> tuple[float, float]:
    return CENTRE[0] + random.gauss(0, spread), CENTRE[1] + random.gauss(0, spread)


def _service(random: Random, object_id: int, spread: float) -> SearchDocument:
    youngest = random.choice((None, 0, 2, 4, 5, 8, 11, 14, 16))
    oldest = None if random.random() < 0.1 else (youngest or 0) + random.choice((3, 5, 7, 11))
    name = f"{_words(random, 3).title()} {object_id}"
    return SearchDocument(
        kind="service",
        object_id=object_id,
        name=name,
        authorities=frozenset({AUTHORITY}),
        section=random.choice(SectionKey.values),
        needs=_some(random, NEEDS, 3),
        categories=_some(random, CATEGORIES, 2),
        level=random.choice(Level.values),
        costs=(random.choice(CostKind.values),),
        sessions=(
            Session(_some(random, tuple(Day.values), 3), None, None, random.choice(SessionWhen.values)),
        ),
        access=_some(random, ACCESS, 3),
        sen_status=_some(random, ("no_diagnosis", "sen_support", "ehc_plan"), 2),
        delivery=_some(random, DELIVERY, 2),
        circumstances=_some(random, CIRCUMSTANCES, 1),
        scope=random.choice(Scope.values),
        min_age=youngest,
        max_age=oldest,
        points=(_point(random, spread),) if random.random() < 0.85 else (),
        last_checked=date(2026, 1, 1) + timedelta(days=random.randint(0, 300)),
        text={
            "name": name,
            "topics": _words(random, 4),
            "summary": _words(random, 12),
            "keywords": _words(random, 3),
            "description": _words(random, 60),
            "details": _words(random, 25),
            "place": _words(random, 4),
        },
        card=_card(name, object_id, _words(random, 12)),
    )


def _card(name: str, object_id: int, summary: str) -> dict[str, Any]:
    said = {"name": name, "slug": f"s{object_id}", "summary": summary, "authority": AUTHORITY}
    said |= {"who": "Age not stated", "cost": "Free", "scope": "local", "places": []}
    unsaid = dict.fromkeys(("provider", "level", "body", "when", "wait"), "")
    return {**said, **unsaid, "checked": None, "review": None}
