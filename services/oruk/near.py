"""Which services, and services at places, are near a postcode; nearest first.

A hidden place is where the public may know it to be: distances must not give it away. A place whose
point nobody gave counts from the middle of its outward code.
"""

from collections.abc import Iterator
from math import inf

from services import postcodes
from services.id_lists import IdList
from services.models import Location, ServiceLocation
from services.oruk.schema import public_point

METRES_A_MILE = 1609.344


def _rows(services: IdList, centre: postcodes.Place) -> Iterator[tuple[int, int, float]]:
    """(id of the row, id of the service, metres) of these services at each of their places; infinite
    where nobody knows the point."""
    metres: dict[int, float] = {}
    facts = ("latitude", "longitude", "address_hidden", "postcode")
    columns = [f"location__{name}" for name in facts]
    for some in services.chunks():
        rows = ServiceLocation.objects.filter(service__in=some).order_by()
        for row, service, key, *known in rows.values_list("pk", "service_id", "location_id", *columns):
            if key not in metres:
                metres[key] = _metres(Location(**dict(zip(facts, known, strict=True))), centre)
            yield row, service, metres[key]


def _metres(place: Location, centre: postcodes.Place) -> float:
    point = public_point(place) or postcodes.outcodes().get(place.outcode)
    if not point:
        return inf
    return METRES_A_MILE * postcodes.distance_miles(centre.latitude, centre.longitude, *point)


def services_near(services: IdList, centre: postcodes.Place, within: float | None) -> list[int]:
    """Ids of services by their nearest place; those with no place of their own come last, at any distance."""
    nearest: dict[int, float] = {}
    for _, service, metres in _rows(services, centre):
        nearest[service] = min(metres, nearest.get(service, inf))
    ordered = sorted(nearest, key=lambda pk: (nearest[pk], pk))
    if within is not None:
        ordered = [pk for pk in ordered if nearest[pk] <= within]
    return ordered + [pk for pk in services if pk not in nearest]


def rows_near(services: IdList, centre: postcodes.Place, within: float | None) -> list[int]:
    """Ids of services at places, nearest first."""
    rows = ((metres, row) for row, _, metres in _rows(services, centre))
    return [row for metres, row in sorted(rows) if within is None or metres <= within]
