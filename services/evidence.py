"""What the directory shows for the requirements of the law, for the coverage audit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Site

from localoffer import versions
from localoffer.clock import end_of
from localoffer.coverage import DirectoryEvidence
from localoffer.history import UNPUBLISHED
from localoffer.regulations import REQUIREMENTS
from services.completeness import TEACHES
from services.enums import OUT_OF_AREA, ProviderType
from services.id_lists import SUBJECTS
from services.models import Service
from services.models.service import ServiceQuerySet

EXAMPLES = 3
SCHOOLS_OWN = ("practice.", "sen_information")
FLAGS = ("commissioned_by_authority", "section41_approved")


class _Row(NamedTuple):
    """What evidence needs of one live service."""

    pk: int
    slug: str
    name: str
    provider_type: str | None
    scope: str
    section41_approved: bool
    commissioned_by_authority: bool
    review_by: date | None


@dataclass(frozen=True, slots=True)
class _Holding:
    """The services an authority's families can see, read once."""

    rows: list[_Row]
    stated: dict[str, set[int]]
    categories: dict[str, set[int]]


def requirement_evidence(site: Site, today: date) -> list[DirectoryEvidence]:
    """Evidence for every spec and field that a requirement names, from two queries in all; remembered
    until the directory changes, for the page that shows it reads every service there is."""
    return versions.remember(
        f"evidence:{site.pk}:{today}", lambda: _requirement_evidence(site, today), of=SUBJECTS
    )


def _requirement_evidence(site: Site, today: date) -> list[DirectoryEvidence]:
    specs = {spec for requirement in REQUIREMENTS for spec in requirement.evidence.services}
    fields = {name for requirement in REQUIREMENTS for name in requirement.evidence.fields}
    return evidence_for(site, today, services=sorted(specs), fields=sorted(fields))


def evidence_for(
    site: Site, today: date, *, services: Iterable[str], fields: Iterable[str]
) -> list[DirectoryEvidence]:
    """Counts of live services visible to `site` for each spec and each field.

    Raises ValueError for a spec or a field that no service could show: a slip in the requirements
    must not pass as a gap in the offer.
    """
    columns = {name: _column(name) for name in fields}
    holding = _read(site, today, columns)
    found = []
    for spec in services:
        rows = _matching(spec, holding)
        found.append(_evidence(spec, rows, len(rows), today))
    schools = [row for row in holding.rows if row.provider_type in TEACHES]
    for name in columns:  # a school's own facts concern schools and colleges; the others every service
        concerned = schools if name.startswith(SCHOOLS_OWN) else holding.rows
        rows = [row for row in concerned if row.pk in holding.stated[name]]
        found.append(_evidence(name, rows, len(concerned), today))
    return found


def _column(name: str) -> str:
    column = name.replace("practice.", "practice_")
    if column not in {field.name for field in Service._meta.fields}:
        raise ValueError(f"No service has the fact {name!r}")
    return column


def _read(site: Site, today: date, columns: dict[str, str]) -> _Holding:
    visible = _live_on(today).all_visible_to(site).order_by()
    flags = {
        f"says_{column}": ExpressionWrapper(~Q(**{column: ""}), output_field=BooleanField())
        for column in columns.values()
    }
    names = [
        "pk", "slug", "name", "organisation__provider_type", "scope",
        "section41_approved", "commissioned_by_authority", "review_by",
    ]  # fmt: skip
    width = len(names)
    read = list(visible.annotate(**flags).values_list(*names, *flags))
    stated = {name: {row[0] for row in read if row[width + place]} for place, name in enumerate(columns)}
    categories: dict[str, set[int]] = {}
    # Joined, and not excluded by a question of its own: PostgreSQL asked that anew for each service.
    pairs = visible.filter(categories__isnull=False).values_list("categories__key", "pk")
    for key, pk in pairs:
        categories.setdefault(key, set()).add(pk)
    return _Holding([_Row(*row[:width]) for row in read], stated, categories)


def _live_on(day: date) -> ServiceQuerySet:
    """Services published at the end of a day, as far as the log tells, with their facts of now."""
    services = Service.objects.all()
    if day >= timezone.localdate():
        return services.live()
    end = end_of(day)
    taken_down = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Service), action__in=UNPUBLISHED, timestamp__gte=end
    )
    since = [int(pk) for pk in taken_down.values_list("object_id", flat=True)]
    then = services.filter(Q(live=True) | Q(pk__in=since), created_at__lt=end)
    return then.filter(Q(first_published_at=None) | Q(first_published_at__lt=end))


def _matching(spec: str, holding: _Holding) -> list[_Row]:
    kind, _, value = spec.partition(":")
    if kind == "category":
        pks = holding.categories.get(value, set())
        return [row for row in holding.rows if row.pk in pks]
    test = _test(kind, value)
    if test is None:
        raise ValueError(f"No service can show {spec!r}")
    return [row for row in holding.rows if test(row)]


def _test(kind: str, value: str) -> Callable[[_Row], bool] | None:
    """Whether a row shows `kind:value`. A school approved under section 41 counts whatever its type."""
    if kind == "type" and value == ProviderType.SECTION41:
        return lambda row: row.provider_type == value or row.section41_approved
    if kind == "type" and value in ProviderType.values:
        return lambda row: row.provider_type == value
    if (kind, value) == ("scope", "out_of_area"):
        return lambda row: row.scope in OUT_OF_AREA
    if kind == "flag" and value in FLAGS:
        return lambda row: bool(getattr(row, value))
    return None


def speaking_to(spec: str) -> Q:
    """Entries, live or not, by which an officer mends one part of the evidence: those of the kind that is
    asked for, or those that leave out the fact. None for what no requirement names."""
    kind, _, value = spec.partition(":")
    if spec in {name for requirement in REQUIREMENTS for name in requirement.evidence.fields}:
        concerned = Q() if not spec.startswith(SCHOOLS_OWN) else Q(organisation__provider_type__in=TEACHES)
        return concerned & Q(**{_column(spec): ""})
    if kind == "category":
        of_kind = Service.categories.through.objects.filter(category__key=value)
        return Q(pk__in=of_kind.values("service"))
    if kind == "type":
        also = Q(section41_approved=True) if value == ProviderType.SECTION41 else Q()
        return Q(organisation__provider_type=value) | also
    if kind == "scope":
        return Q(scope__in=OUT_OF_AREA)
    return Q(**{value: True}) if kind == "flag" and value in FLAGS else Q(pk__in=[])


def mending_address(spec: str) -> str:
    """The list of those entries in the admin, for the coverage report's links."""
    return f"{reverse('wagtailsnippets_services_service:list')}?{urlencode({'law': spec})}"


def _evidence(spec: str, rows: list[_Row], of: int, today: date) -> DirectoryEvidence:
    """`fresh` is within its review date; examples are fresh ones first, then by name."""
    late = {row.pk for row in rows if row.review_by and row.review_by < today}
    shown = nsmallest(EXAMPLES, rows, key=lambda row: (row.pk in late, row.name, row.pk))
    return DirectoryEvidence(
        spec=spec,
        count=len(rows),
        fresh=len(rows) - len(late),
        of=of,
        examples=tuple((row.name, reverse("services:detail", args=[row.pk, row.slug])) for row in shown),
    )
