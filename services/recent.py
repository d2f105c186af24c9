"""Services that are new or have changed, for the page of what is new on the site."""

from collections.abc import Iterator

from wagtail.models import Site

from localoffer.whats_changed import Change
from services.id_lists import visible


def changes(site: Site, most: int) -> Iterator[Change]:
    """So many services that families of the site can use, the latest change first."""
    rows = visible(site).order_by("-modified_at", "pk")[:most]
    for service in rows:
        is_new = (
            service.first_published_at is not None and service.last_published_at == service.first_published_at
        )
        yield Change(service.name, service.get_absolute_url(), "Service", service.modified_at, is_new)
