"""Which cells of need × age × area the directory has no service for.

An area is the first half of a postcode where the authority's own live services are. A service is there
for an area if one of its places is within `NEAR_MILES` of the area's centre, or if it is local and has no
place (it comes to the family). National services are there for everybody and close no gap: a
family that needs a club is not helped by a helpline.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.models import Site

from feedback.enums import GapKind
from services.enums import Scope
from services.models import Need, Service, ServiceLocation
from services.postcodes import distance_miles, outcodes

AGE_BANDS = {
    "0 to 4": (0, 4),
    "5 to 10": (5, 10),
    "11 to 15": (11, 15),
    "16 to 18": (16, 18),
    "19 to 25": (19, 25),
}
NEAR_MILES = 3.0  # what a family without a car can do after school
EVERYWHERE = "Everywhere"
OLDEST = 25
# Needs that are no need of their own: anything else, and no assessment yet.
NOT_A_NEED = frozenset({"OTH", "NSA"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom one service is there for."""

    needs: frozenset[str]
    ages: range
    areas: frozenset[str]


def empty(authority: Site, make: Callable[..., Any]) -> Iterator[Any]:
    """A gap made by `make` for every need and band without a service: one for everywhere, else by area."""
    areas = areas_of(authority)
    reaches = _reaches(authority, areas)
    for need in Need.objects.filter(retired=False).exclude(key__in=NOT_A_NEED).order_by("order", "key"):
        mine = [reach for reach in reaches if need.key in reach.needs]
        for band, (first, last) in AGE_BANDS.items():
            served = set().union(
                *(reach.areas for reach in mine if reach.ages.start <= last and reach.ages.stop > first)
            )
            missing = [area for area in areas if area not in served]
            for area in [EVERYWHERE] if areas and len(missing) == len(areas) else missing:
                yield _cell(make, need, band, area)


def _cell(make: Callable[..., Any], need: Need, band: str, area: str) -> Any:
    place = "anywhere in the area" if area == EVERYWHERE else f"within {NEAR_MILES:g} miles of {area}"
    return make(
        key=f"cell:{need.key}:{band}:{area}",
        kind=GapKind.CELL,
        title=f"{need.label}, ages {band}: nothing {place}",
        words=f"No live service in the directory is for {need.label.lower()}, ages {band}, {place}.",
        need=need.key,
        ages=band,
        area=area,
    )


def areas_of(authority: Site) -> dict[str, tuple[float, float]]:
    """First half of a postcode → its centre, where the authority's live services are."""
    rows = ServiceLocation.objects.filter(service__authority=authority, service__live=True)
    rows = rows.filter(service__scope=Scope.LOCAL).select_related("location")
    found = {row.location.outcode for row in rows}
    return {code: outcodes()[code] for code in sorted(found) if code in outcodes()}


def _reaches(authority: Site, areas: dict[str, tuple[float, float]]) -> list[Reach]:
    """Every live service that has a need, in three queries."""
    services = Service.objects.live().all_visible_to(authority).exclude(scope=Scope.NATIONAL)
    ids = list(services.values_list("pk", flat=True))
    needs: dict[int, set[str]] = {}
    for pk, key in Service.needs.through.objects.filter(service__in=services).values_list(
        "service", "need__key"
    ):
        needs.setdefault(pk, set()).add(key)
    points: dict[int, list[tuple[float, float]]] = {}
    places = ServiceLocation.objects.filter(service__in=services, location__latitude__isnull=False)
    for pk, lat, lon in places.values_list("service", "location__latitude", "location__longitude"):
        points.setdefault(pk, []).append((lat, lon))
    near: dict[tuple[float, float], frozenset[str]] = {}
    rows = Service.objects.filter(pk__in=ids).values_list("pk", "min_age", "max_age", "scope")
    return [
        Reach(
            needs=frozenset(needs[pk]),
            ages=range(youngest or 0, (OLDEST if oldest is None else oldest) + 1),
            areas=_areas(points.get(pk, []), scope, areas, near),
        )
        for pk, youngest, oldest, scope in rows
        if pk in needs
    ]


def _areas(
    points: list[tuple[float, float]],
    scope: str,
    areas: dict[str, tuple[float, float]],
    near: dict[tuple[float, float], frozenset[str]],
) -> frozenset[str]:
    """Areas near any of the places; every area for a local service that has none."""
    if not points:
        return frozenset(areas) if scope == Scope.LOCAL else frozenset()
    for point in points:
        if point not in near:
            near[point] = frozenset(
                code for code, centre in areas.items() if distance_miles(*point, *centre) <= NEAR_MILES
            )
    return frozenset().union(*(near[point] for point in points))
