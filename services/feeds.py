"""New and changed services as an Atom feed, and services in the sitemap."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe
from wagtail.models import Site

from localoffer.frame import Frame
from localoffer.open_data import open_to_all
from localoffer.page_cache import ASK_EACH_TIME, shared
from localoffer.sanitising import without_controls
from services.id_lists import IdList, by_number, in_order, remember_ids, visible_ids
from services.models import Service
from services.recent import newest

MOST = 50
# When the duty to publish a local offer began.
_NEVER = datetime(2014, 9, 1, tzinfo=UTC)


def _newest(site: Site) -> list[int]:
    """Ids of those that changed last, found before the rest of their rows is read."""
    rows = newest(site).values_list("pk", flat=True)
    return list(remember_ids(f"newest:{site.pk}", lambda: IdList(rows[:MOST])))


class _ChangesFeed(Atom1Feed):
    """Last updated when a service last changed: an empty feed is not "now" at each reading."""

    def latest_post_date(self) -> datetime:
        return self.feed["newest"]


@open_to_all
@shared(ASK_EACH_TIME)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The services that were added or changed last, newest first, 50 at most (RFC 4287)."""
    frame = Frame(request)
    latest = _newest(frame.site) if frame.site else []
    entries = in_order(Service.objects.select_related("organisation"), latest)
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
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


class _Entries(Sequence[Service]):
    """Every service that families of a site can use, read a part at a time by its ids."""

    ordered = True  # Django's paginator asks

    def __init__(self, site: Site | None) -> None:
        self._ids = visible_ids(site) if site else by_number([])

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, which: Any) -> Any:
        ids = self._ids[which]
        if not isinstance(ids, list):
            return Service.objects.get(pk=ids)
        return in_order(Service.objects.only("pk", "slug", "modified_at"), ids)


class ServiceSitemap(Sitemap):
    """Every service that families of this site can use, 5,000 in a part."""

    limit = 5_000

    def __init__(self, site: Site | None) -> None:
        self.site = site

    def items(self) -> _Entries:
        return _Entries(self.site)

    def lastmod(self, item: Service) -> datetime:
        return item.modified_at

    def get_latest_lastmod(self) -> datetime | None:
        ids = _newest(self.site)[:1] if self.site else []
        return Service.objects.filter(pk__in=ids).values_list("modified_at", flat=True).first()


def sitemaps(site: Site | None) -> dict[str, Sitemap]:
    """What the directory adds to the sitemap."""
    return {"services": ServiceSitemap(site)}
