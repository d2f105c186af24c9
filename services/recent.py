"""Services that are new or have changed, for the page of what is new on the site."""

from wagtail.models import Site

from localoffer.whats_changed import Change, ChangeGroup
from services.id_lists import visible


def changes(site: Site, most: int) -> ChangeGroup:
    """So many services that families of the site can use, the latest change first."""
    rows = visible(site).order_by("-modified_at", "pk")[:most]
    return ChangeGroup(
        "Services",
        tuple(
            Change(
                title=service.name,
                url=service.get_absolute_url(),
                changed_at=service.modified_at,
                is_new=(service.first_published_at or service.created_at).date()
                == service.modified_at.date(),
            )
            for service in rows
        ),
    )
