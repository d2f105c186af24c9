"""Which services, and services at places, are near a postcode; nearest first.

A hidden place is where the public may know it to be: distances must not give it away. A place whose
point nobody gave counts from the middle of its outward code.
"""

from math import cos, radians

from django.db.models import Q

from services import postcodes
from services.models import Location, ServiceLocation
from services.models.service import ServiceQuerySet
from services.oruk.schema import public_point

METRES_A_MILE = 1609.344
_METRES_A_DEGREE = 111_000
# Two models of the earth differ by this much; the box must not cut what the sphere includes.
_SLACK = 1.02


def _distances(services: ServiceQuerySet, centre: postcodes.Place, within: float | None) -> dict[int, float]:
    """Place id of these services to its distance in metres; those beyond `within` are left out."""
    used = ServiceLocation.objects.filter(service__in=services.values("pk"))
    places = Location.objects.filter(pk__in=used.order_by().values("location"))
    if within is not None:
        up = within * _SLACK / _METRES_A_DEGREE
        across = min(up / max(cos(radians(centre.latitude)), 0.01), 360)
        box = Q(latitude__range=(centre.latitude - up, centre.latitude + up)) & Q(
            longitude__range=(centre.longitude - across, centre.longitude + across)
        )
        places = places.filter(box | Q(address_hidden=True) | Q(latitude=None) | Q(longitude=None))
    wanted = places.only("latitude", "longitude", "address_hidden", "postcode")
    found: dict[int, float] = {}
    for place in wanted.order_by().iterator(chunk_size=2_000):
        point = public_point(place) or postcodes.outcodes().get(place.outcode)
        if point:
            metres = METRES_A_MILE * postcodes.distance_miles(centre.latitude, centre.longitude, *point)
            if within is None or metres <= within:
                found[place.pk] = metres
    return found


def services_near(services: ServiceQuerySet, centre: postcodes.Place, within: float | None) -> list[int]:
    """Ids of services by their nearest place; those with no place of their own come last, at any distance."""
    metres = _distances(services, centre, within)
    nearest: dict[int, float] = {}
    placed = set()
    for service, place in ServiceLocation.objects.filter(service__in=services.values("pk")).values_list(
        "service_id", "location_id"
    ):
        placed.add(service)
        if place in metres:
            nearest[service] = min(metres[place], nearest.get(service, metres[place]))
    ordered = sorted(nearest, key=lambda pk: (nearest[pk], pk))
    if within is None:
        ordered += sorted(placed - nearest.keys())
    return ordered + sorted(set(services.values_list("pk", flat=True)) - placed)


def rows_near(services: ServiceQuerySet, centre: postcodes.Place, within: float | None) -> list[int]:
    """Ids of services at places, nearest first."""
    metres = _distances(services, centre, within)
    rows = ServiceLocation.objects.filter(service__in=services.values("pk")).values_list("pk", "location_id")
    far = float("inf")
    found = [(metres.get(place, far), pk) for pk, place in rows if within is None or place in metres]
    return [pk for _, pk in sorted(found)]
