"""Pages of the directory in the standard's envelope, each in a fixed number of queries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db.models import Prefetch
from wagtail.models import Site

from localoffer import versions
from localoffer.models import CouncilSettings
from services.id_lists import SUBJECTS, IdList, by_number, in_order, remember_ids, visible, visible_ids
from services.models import ConditionTag, Service, ServiceCondition, ServiceLocation
from services.models.service import ServiceQuerySet
from services.oruk import filters, near, schema, taxonomies
from services.oruk.parameters import A_PAGE
from services.oruk.schema import Body, Writer
from services.oruk.taxonomies import TAXONOMIES, Term, Terms
from services.postcodes import Place

_SHORT = ("costs", "contacts")
_WHOLE = (
    *_SHORT, "needs", "categories", "conditions", "schedules", "serves",
    Prefetch("service_locations", ServiceLocation.objects.select_related("location")),
)  # fmt: skip

# What cuts a list into pages, or says how much of each thing is told: not which things are in it.
_CUTS = {"page", "per_page", "full"}
_PLACES = {"postcode", "proximity"}
InOrder = Callable[[IdList], IdList]
ByDistance = Callable[[IdList, Place, float | None], list[int]]


class Directory:
    """What one authority's site publishes: live services that its families can use."""

    def __init__(self, site: Site, home: str) -> None:
        council = CouncilSettings.for_site(site)
        self.site = site
        self.terms = Terms.current()
        self.writer = Writer(self.terms, home, council.council_name, council.area_name)
        self.one: ServiceQuerySet = Service.objects.live().visible_to(site)

    # -- pages ---------------------------------------------------------------------

    def services(self, asked: Mapping[str, Any]) -> Body:
        """A page of services; whole ones with `full`."""
        whole = asked.get("full", False)
        return _envelope(
            self._ids("services", asked, lambda found: found, near.services_near),
            asked,
            lambda some: [self.writer.service(each, nested=whole) for each in _services(some, whole=whole)],
        )

    def services_at_locations(self, asked: Mapping[str, Any]) -> Body:
        """A page of services at places."""
        whole = asked.get("full", False)
        return _envelope(
            self._ids("services at locations", asked, _rows_of, near.rows_near),
            asked,
            lambda some: [
                self.writer.service_at_location(row, nested=whole) for row in _rows(some, whole=whole)
            ],
        )

    def _ids(self, name: str, asked: Mapping[str, Any], in_order: InOrder, by_distance: ByDistance) -> IdList:
        """The ids of a whole list, however it is cut into pages."""
        wanted = {key: value for key, value in asked.items() if key not in _CUTS}

        def read() -> IdList:
            found = self._answering(wanted)
            if "postcode" not in wanted:
                return in_order(found)
            return IdList(by_distance(found, wanted["postcode"], wanted.get("proximity")))

        return remember_ids(f"{name}:{self.site.pk}:{sorted(wanted.items())!r}", read)

    def _answering(self, wanted: Mapping[str, Any]) -> IdList:
        """Ids of the services that answer everything asked, but where they are."""
        if not wanted.keys() - _PLACES:
            return visible_ids(self.site)
        found: list[int] = []
        for some in visible_ids(self.site).chunks():
            answering = filters.apply(Service.objects.filter(pk__in=some), wanted, self.terms)
            found += answering.order_by().values_list("pk", flat=True)
        return by_number(found)

    def taxonomies(self, asked: Mapping[str, Any]) -> Body:
        return _envelope(list(TAXONOMIES.values()), asked, lambda some: list(map(schema.taxonomy, some)))

    def taxonomy_terms(self, asked: Mapping[str, Any]) -> Body:
        return _envelope(self._all_terms(), asked, lambda some: [term.body() for term in some])

    # -- single things ---------------------------------------------------------------

    def service(self, uuid: str) -> Body | None:
        pk = self.one.filter(uuid=uuid).values_list("pk", flat=True).first()
        found = _services([pk], whole=True) if pk else []
        return next((self.writer.service(each, nested=True) for each in found), None)

    def service_at_location(self, uuid: str) -> Body | None:
        rows = ServiceLocation.objects.filter(uuid=uuid).values_list("pk", "service")
        at = next((pk for pk, service in rows if self.one.filter(pk=service).exists()), None)
        found = _rows([at], whole=True) if at else []
        return next((self.writer.service_at_location(row, nested=True) for row in found), None)

    def taxonomy(self, uuid: str) -> Body | None:
        row = next((each for each in TAXONOMIES.values() if each.id == uuid), None)
        if row is None:
            return None
        return schema.taxonomy(row, [term for term in self._all_terms() if term.taxonomy == row.key])

    def taxonomy_term(self, uuid: str) -> Body | None:
        found = self.terms.by_id.get(uuid)
        found = found or next((term for term in self._conditions() if term.id == uuid), None)
        return found.body() if found else None

    def _all_terms(self) -> list[Term]:
        return [*self.terms.all, *self._conditions()]

    def _conditions(self) -> Iterable[Term]:
        """Only of what is published: the tags of drafts are nobody's business."""

        def read() -> list[Term]:
            published = ServiceCondition.objects.filter(content_object__in=visible(self.site).values("pk"))
            tags = ConditionTag.objects.filter(pk__in=published.values("tag")).order_by("pk")
            return list(map(taxonomies.condition, tags))

        return versions.remember(f"oruk:conditions:{self.site.pk}", read, of=SUBJECTS)


def _services(ids: Sequence[int], *, whole: bool) -> list[Service]:
    """The services of these ids, in their order, with all that their JSON reads."""
    services = Service.objects.select_related("organisation")
    return in_order(services.prefetch_related(*(_WHOLE if whole else _SHORT)), ids)


def _rows_of(services: IdList) -> IdList:
    """Every place of these services."""
    rows = (ServiceLocation.objects.filter(service__in=some).order_by() for some in services.chunks())
    return by_number(chain.from_iterable(each.values_list("pk", flat=True) for each in rows))


def _rows(ids: Sequence[int], *, whole: bool) -> list[ServiceLocation]:
    rows = in_order(ServiceLocation.objects.select_related("location"), ids)
    services = {each.pk: each for each in _services(sorted({row.service_id for row in rows}), whole=whole)}
    for row in rows:
        row.service = services[row.service_id]
    return rows


def _envelope(
    things: Sequence[Any],
    asked: Mapping[str, Any],
    write: Callable[[list[Any]], list[Body]],
) -> Body:
    """One page of `things` and where it stands among the others. A page past the last is empty."""
    number, most = asked.get("page", 1), asked.get("per_page", A_PAGE)
    total = len(things)
    pages = -(-total // most)
    start = (number - 1) * most
    some = list(things[start : start + most]) if start < total else []
    contents = write(some) if some else []
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }
