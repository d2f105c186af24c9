"""Found documents as cards."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from localoffer.models import CouncilSettings
from search import highlights
from search.documents import SERVICE
from search.engines.base import Concept, Found
from search.results import Fact, Guide, Hit
from services import addresses
from services.enums import Scope
from services.postcodes import Place, distance_miles


def hits(
    found: Sequence[Found], *, concepts: Sequence[Concept], place: Place | None, council: CouncilSettings
) -> list[Hit]:
    """The cards of one page. `council` is the one whose site shows them."""
    phrases = [phrase for concept in concepts for phrase in concept.phrases]
    areas = _areas(found, council)
    return [_hit(one, phrases, place, areas) for one in found]


def _areas(found: Iterable[Found], council: CouncilSettings) -> dict[int, str]:
    """The name of each owner's area; a query only where another authority's services are shared."""
    others = {one.card["authority"] for one in found} - {council.site_id}
    areas = {council.site_id: council.area_name}
    if others:
        areas.update(CouncilSettings.objects.filter(site_id__in=others).values_list("site_id", "area_name"))
    return areas


def _hit(one: Found, phrases: list[tuple[str, ...]], place: Place | None, areas: Mapping[int, str]) -> Hit:
    card = one.card
    summary = highlights.mark(card["summary"], phrases)
    told = "<mark>" in summary or "<mark>" in highlights.mark(card["name"], phrases)
    return Hit(
        id=one.object_id,
        title=card["name"],
        url=url(one),
        kicker=kicker(one),
        summary=summary,
        passage=highlights.passage("" if told else card["body"], phrases),
        facts=_facts(one, place, areas.get(card["authority"], "")),
        last_checked=_day(card["checked"]),
        review_by=_day(card["review"]),
    )


def url(one: Found) -> str:
    """The address of what was found."""
    if one.kind == SERVICE:
        return addresses.detail(one.object_id, one.card["slug"])
    return str(one.card["url"])


def guides(found: Iterable[Found], concepts: Sequence[Concept]) -> list[Guide]:
    """Pages as short entries, with the words around the first match where the summary holds none."""
    phrases = [phrase for concept in concepts for phrase in concept.phrases]
    return [_guide(one, phrases) for one in found]


def _guide(one: Found, phrases: list[tuple[str, ...]], words: str = "") -> Guide:
    card = one.card
    summary = highlights.mark(words or card["summary"], phrases)
    if not words and "<mark>" not in summary:
        summary = highlights.passage(card["body"], phrases) or summary
    return Guide(highlights.mark(card["name"], phrases), url(one), kicker(one), summary)


def best(found: Iterable[tuple[Found, str]]) -> list[Guide]:
    """What staff put first, with what they say of it."""
    return [_guide(one, [], words) for one, words in found]


def kicker(one: Found) -> str:
    """Whose a service is and how specialised; the page that a guide is part of."""
    if one.kind == SERVICE:
        return " · ".join(filter(None, [one.card["provider"], one.card["level"]]))
    return str(one.card["kicker"])


def _facts(one: Found, place: Place | None, area: str) -> list[Fact]:
    card = one.card
    facts = [
        ("pin", "Where", where(one, place, area)),
        ("people", "Who", card["who"]),
        ("coin", "Price", card["cost"]),
        ("calendar", "When", card["when"]),
        ("clock", "", f"Wait: {card['wait']}" if card["wait"] else ""),
    ]
    return [fact for fact in facts if fact[2]]


def where(one: Found, place: Place | None, area: str) -> str:
    """ "About 0.6 miles, Tannery Library, and 1 more place", "Anywhere in Avonmere"; never blank."""
    places = one.card["places"]
    if not places:
        return anywhere(one.card["scope"], area)
    nearest = places[0]
    if place and one.miles is not None:
        located = [row for row in places if row[1] is not None]
        nearest = min(located, key=lambda row: _miles(row, place), default=nearest)
    more = len(places) - 1
    parts = [
        distance_words(one.miles, exact=bool(place and place.precise)) if one.miles is not None else "",
        nearest[0],
        f"and {more} more place{'s' if more > 1 else ''}" if more else "",
    ]
    return ", ".join(filter(None, parts))


def _miles(row: list[Any], place: Place) -> float:
    return distance_miles(place.latitude, place.longitude, row[1], row[2])


def anywhere(scope: str, area: str) -> str:
    """How far help reaches that has no one place."""
    if scope == Scope.LOCAL or scope not in Scope.values:
        return f"Anywhere in {area}" if area else "No fixed place"
    return str(Scope(scope).label)


def distance_words(miles: float, *, exact: bool) -> str:
    """ "0.6 miles", "About 12 miles"."""
    if miles < 0.1:
        number, unit = "less than 0.1", "miles"
    else:
        number = f"{miles:.0f}" if miles >= 9.95 else f"{miles:.1f}".removesuffix(".0")
        unit = "mile" if number == "1" else "miles"
    words = f"{number} {unit}" if exact else f"about {number} {unit}"
    return words[0].upper() + words[1:]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
