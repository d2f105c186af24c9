"""The facets: each is declared once, here.

A declaration says what families are asked, how its values are read off a document, and which values
are offered, in order. Engines only see keys; pages only see labels.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from localoffer import versions
from search.documents import SERVICE, SearchDocument, Session
from services.enums import CostKind, Day, Level, Scope, SectionKey, SessionWhen, TermKind
from services.models import Category, Need
from services.models.vocabulary import BroadArea
from services.vocabulary import labels

# First and last year of each band.
AGE_BANDS = {"0-4": (0, 4), "5-10": (5, 10), "11-15": (11, 15), "16-18": (16, 18), "19-25": (19, 25)}
WHEN = {
    "weekends": "Weekends",
    "after_school": "After school",
    "evenings": "Evenings",
    "school_holidays": "School holiday schemes",
}
_WEEKEND = frozenset({Day.SATURDAY.value, Day.SUNDAY.value})
_SCHOOL_ENDS, _TEA_TIME = time(14, 30), time(18, 0)
_EVENING, _NIGHT = time(18, 30), time(23, 59)
# Status that a service open to any child leaves unsaid.
ANY_STATUS = "any"
STATUSES = ("no_diagnosis", "sen_support", "ehc_assessment", "ehc_plan", "disability_without_sen")


@dataclass(frozen=True, slots=True)
class Option:
    """A value that is offered; `group` is the heading it stands under, if any."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class FacetDeclaration:
    """`key` is the name in the address. `read` gives a document's values, `offer` the options in order."""

    key: str
    label: str
    read: Callable[[SearchDocument], Iterable[str]]
    offer: Callable[[], list[Option]]
    is_open: bool = False


def _choices(choices: Iterable[tuple[str, str]]) -> Callable[[], list[Option]]:
    return lambda: [Option(value, label) for value, label in choices]


def _terms(kind: str) -> Callable[[], list[Option]]:
    return lambda: [Option(key, label) for key, label in labels(kind).items()]


def _needs() -> list[Option]:
    """Needs under the four broad areas of the Code of Practice."""
    return _grouped("need", Need, "area", BroadArea.choices)


def _categories() -> list[Option]:
    """Kinds of service under the sections of the offer."""
    return _grouped("category", Category, "section", SectionKey.choices)


def _grouped(
    kind: str, model: type[Need] | type[Category], field: str, groups: Iterable[tuple[str, str]]
) -> list[Option]:
    """A vocabulary under headings, in the order of the headings and then its own."""
    known, belongs, names = labels(kind), _grouping(kind, model, field), dict(groups)
    found = [Option(key, label, str(names.get(belongs.get(key, ""), ""))) for key, label in known.items()]
    order = {str(name): place for place, name in enumerate(names.values())}
    return sorted(found, key=lambda option: order.get(option.group, len(order)))


def _grouping(kind: str, model: type[Need] | type[Category], field: str) -> dict[str, str]:
    """Key to group of a vocabulary, remembered as long as its labels are."""
    return versions.remember(
        f"search:grouping:{kind}",
        lambda: dict(model.objects.values_list("key", field)),
        of=[versions.WORDS],
    )


def _statuses() -> list[Option]:
    known = labels(TermKind.SEN_STATUS)
    return [Option(key, known[key]) for key in STATUSES if key in known]


def read_ages(document: SearchDocument) -> list[str]:
    """Bands that its ages overlap; an end that nobody stated is open."""
    lowest = 0 if document.min_age is None else document.min_age
    highest = 25 if document.max_age is None else document.max_age
    return [band for band, (first, last) in AGE_BANDS.items() if lowest <= last and highest >= first]


def read_costs(document: SearchDocument) -> Iterable[str]:
    """A cost nobody told us is not stated; it is never free."""
    return document.costs or (CostKind.NOT_STATED.value,)


def read_statuses(document: SearchDocument) -> Iterable[str]:
    """What is open to any child, or states no condition, is there for each of them."""
    if not document.sen_status or ANY_STATUS in document.sen_status:
        return STATUSES
    return document.sen_status


def read_days(document: SearchDocument) -> set[str]:
    return {day for session in document.sessions for day in session.days}


def read_when(document: SearchDocument) -> list[str]:
    return [key for key in WHEN if any(_fits(key, session) for session in document.sessions)]


def _fits(when: str, session: Session) -> bool:
    """Whether one session is at such a time. Hours that nobody stated are at no such time."""
    if when == "weekends":
        return bool(_WEEKEND & set(session.days))
    if when == "school_holidays":
        return session.when == SessionWhen.SCHOOL_HOLIDAYS
    if session.opens is None:
        return False
    if when == "after_school":
        return (
            session.when != SessionWhen.SCHOOL_HOLIDAYS
            and bool(set(session.days) - _WEEKEND)
            and _SCHOOL_ENDS <= session.opens < _TEA_TIME
        )
    closes = session.closes or session.opens
    overnight = closes < session.opens
    return session.opens <= _NIGHT and (closes > _EVENING or overnight)


FACETS: tuple[FacetDeclaration, ...] = (
    FacetDeclaration("need", "What your child finds hard", lambda d: d.needs, _needs, is_open=True),
    FacetDeclaration(
        "ages",
        "Age group",
        read_ages,
        _choices([(band, f"{first} to {last}") for band, (first, last) in AGE_BANDS.items()]),
    ),
    FacetDeclaration("section", "Kind of help", lambda d: [d.section], _choices(SectionKey.choices), True),
    FacetDeclaration("category", "Type of service", lambda d: d.categories, _categories),
    FacetDeclaration("cost", "Cost", read_costs, _choices(CostKind.choices)),
    FacetDeclaration("when", "When", read_when, _choices(WHEN.items())),
    FacetDeclaration("day", "Day of the week", read_days, _choices(Day.choices)),
    FacetDeclaration("access", "Getting in and around", lambda d: d.access, _terms(TermKind.ACCESS_FACT)),
    FacetDeclaration("level", "Who can use it", lambda d: [d.level], _choices(Level.choices)),
    FacetDeclaration("sen", "Plan or support", read_statuses, _statuses),
    FacetDeclaration("delivery", "How it happens", lambda d: d.delivery, _terms(TermKind.DELIVERY)),
    FacetDeclaration(
        "circumstances", "About your child", lambda d: d.circumstances, _terms(TermKind.CIRCUMSTANCE)
    ),
    FacetDeclaration("scope", "How far it reaches", lambda d: [d.scope], _choices(Scope.choices)),
)
FACET_LABELS: Mapping[str, str] = {facet.key: facet.label for facet in FACETS}


def read(document: SearchDocument) -> dict[str, list[str]]:
    """Every facet's values of a service; a facet that says nothing of it is left out. A page has none:
    nobody asks what it costs or when it opens."""
    if document.kind != SERVICE:
        return {}
    found = {facet.key: sorted({value for value in facet.read(document) if value}) for facet in FACETS}
    return {key: values for key, values in found.items() if values}


def offered() -> Mapping[str, list[Option]]:
    """Every facet's options, in order; made anew when a word list changes."""
    return options_at(FACETS, *versions.current().of([versions.WORDS]))


@lru_cache(maxsize=2)
def options_at(declared: tuple[FacetDeclaration, ...], version: int) -> Mapping[str, list[Option]]:
    """The same as of a version of the word lists."""
    return {facet.key: facet.offer() for facet in declared}


def values(offered: Mapping[str, Iterable[Option]]) -> dict[str, list[str]]:
    """The options' values alone."""
    return {key: [option.value for option in options] for key, options in offered.items()}
