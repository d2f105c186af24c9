"""Services that are new or have changed, the latest first: for the feed, and for the page of what is new."""

from wagtail.models import Site

from localoffer.whats_changed import Change, ChangeGroup
from services.id_lists import visible
from services.models.service import ServiceQuerySet


def newest(site: Site) -> ServiceQuerySet:
    """What families of a site can use, the latest change first."""
    return visible(site).order_by("-modified_at", "pk")


def changes(site: Site, most: int) -> ChangeGroup:
    """So many of them, for the page of what is new."""
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
            for service in newest(site)[:most]
        ),
    )
