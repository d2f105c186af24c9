"""New and changed services as an Atom feed, and services in the sitemap."""

import hashlib
from datetime import UTC, datetime

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from wagtail.models import Site

from localoffer.frame import Frame
from localoffer.sanitising import without_controls
from services.models import Service
from services.models.service import ServiceQuerySet

MOST = 50
# When the duty to publish a local offer began.
_NEVER = datetime(2014, 9, 1, tzinfo=UTC)


def _changed(site: Site | None) -> ServiceQuerySet:
    if site is None:
        return Service.objects.none()
    return Service.objects.live().visible_to(site).order_by("-modified_at", "pk")


class _ChangesFeed(Atom1Feed):
    """Last updated when a service last changed: an empty feed is not "now" at each reading."""

    def latest_post_date(self) -> datetime:
        return self.feed["newest"]


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The services that were added or changed last, newest first, 50 at most (RFC 4287)."""
    frame = Frame(request)
    entries = list(_changed(frame.site).select_related("organisation")[:MOST])
    here = request.build_absolute_uri(request.path)
    feed = _ChangesFeed(
        newest=entries[0].modified_at if entries else _NEVER,
        title=f"New and changed services in {frame.council.area_name}",
        link=request.build_absolute_uri(reverse("search:results")),
        description=f"From the {frame.council.site_name} of {frame.council.council_name}.",
        feed_url=here,
        feed_guid=here,
        language="en-GB",
        author_name=frame.council.council_name,
    )
    for service in entries:
        feed.add_item(
            title=without_controls(service.name),
            link=request.build_absolute_uri(service.get_absolute_url()),
            description=without_controls(service.summary or service.name),
            author_name=without_controls(service.organisation.name) if service.organisation else None,
            unique_id=f"urn:uuid:{service.uuid}",
            pubdate=service.first_published_at or service.created_at,
            updateddate=service.modified_at,
        )
    content = feed.writeString("utf-8").encode()
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    etag = quote_etag(hashlib.blake2b(content, digest_size=16).hexdigest())
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


class ServiceSitemap(Sitemap):
    """Every service that families of this site can use, 5,000 in a part."""

    limit = 5_000

    def __init__(self, site: Site | None) -> None:
        self.site = site

    def items(self) -> ServiceQuerySet:
        return _changed(self.site).order_by("pk").only("pk", "slug", "modified_at")

    def lastmod(self, item: Service) -> datetime:
        return item.modified_at

    def get_latest_lastmod(self) -> datetime | None:
        return _changed(self.site).values_list("modified_at", flat=True).first()


def sitemaps(site: Site | None) -> dict[str, Sitemap]:
    """What the directory adds to the sitemap."""
    return {"services": ServiceSitemap(site)}
