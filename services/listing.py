"""The list of services as a spreadsheet: what an officer works through away from the admin."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase

from localoffer.batches import batched
from localoffer.spreadsheets import CHUNK, WRITERS
from services.completeness import completeness, with_facts
from services.id_lists import IdList, in_order
from services.models import Service
from services.wording import age_words, cost_words

HEADINGS = (
    "Number", "Name", "Provider", "Kind of provider", "Section", "Kinds of help", "How open it is", "Needs",
    "Conditions", "Ages", "Reach", "Status", "Last checked", "Checked by", "Check again by", "Complete, %",
    "Missing", "Cost", "Places", "Phone", "Email", "Website", "Came from",
)  # fmt: skip


class ListExport:
    """For an index view: CSV and XLSX of the rows as they are filtered. A mixin before `IndexView`.

    Cells that a spreadsheet would run are made text, and a hidden address is only its first half.
    """

    list_export = ["name"]

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponseBase:
        return WRITERS[spreadsheet_format]("services", HEADINGS, rows(queryset))


def rows(services: QuerySet[Service]) -> Iterator[list[Any]]:
    """A row for each service in its order, some hundreds read at a time.

    The order is read first, as eight bytes a service. So no statement stays open while a slow reader takes
    the file, and what a filter costs is paid once. What was deleted meanwhile is left out.
    """
    ids = IdList(services.values_list("pk", flat=True).iterator(chunk_size=10_000))
    for some in batched(ids, CHUNK):
        for service in in_order(with_facts(Service.objects.all()), some):
            yield _row(service)
            # It and its rows name each other: they would stay until Python looks for such rings.
            service._prefetched_objects_cache.clear()


def _row(service: Service) -> list[Any]:
    provider = service.organisation if service.organisation_id else None
    known = completeness(service)
    contacts = list(service.contacts.all())
    return [
        service.pk,
        service.name,
        provider.name if provider else "",
        provider.get_provider_type_display() if provider else "",
        service.get_section_display(),
        _joined(category.label for category in service.categories.all()),
        service.get_level_display() if service.level else "",
        _joined(need.label for need in service.needs.all()),
        _joined(tag.name for tag in service.conditions.all()),
        age_words(service.min_age, service.max_age),
        service.get_scope_display(),
        "Live" if service.live else "Not live",
        service.last_checked.isoformat() if service.last_checked else "",
        service.last_checked_by,
        service.review_by.isoformat() if service.review_by else "",
        known.score,
        _joined(fact.label for fact in known.missing),
        _joined(cost_words(row.kind, row.amount, row.note) for row in service.costs.all()),
        _joined(", ".join(row.location.address_lines) for row in service.service_locations.all()),
        _joined(row.phone for row in contacts),
        _joined(row.email for row in contacts),
        service.url,
        service.source,
    ]


def _joined(words: Iterator[str]) -> str:
    return "; ".join(word for word in words if word)
