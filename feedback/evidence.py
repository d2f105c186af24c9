"""What changed, as proof of an action: the page or service, and the version of it that was live then."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.models import Page, Site

from feedback import about
from services.models import Service


def of_address(url: str, authority: Site) -> dict[str, Any]:
    """Fields of an action for an address: its title, the live revision, the service.

    An address of another site is kept as it is. Raises ValidationError, keyed by field, where a path
    of this site leads nowhere.
    """
    nothing = {"evidence_title": "", "evidence_revision": None, "evidence_service": None}
    url = url.strip()
    if not url.startswith("/") or url.startswith("//"):
        return nothing
    found = about.find(url, authority)
    if found is None:
        raise ValidationError(
            {"evidence_url": "There is no page or service here that families can open. Copy its address."}
        )
    service = Service.objects.filter(pk=found.service_id).first() if found.service_id else None
    page = Page.objects.filter(pk=found.page_id).first() if found.page_id else None
    changed = service or page
    revision = (changed.live_revision or changed.latest_revision) if changed else None
    return {"evidence_title": found.title, "evidence_revision": revision, "evidence_service": service}
