"""The sitemap, in parts: pages here, and what the apps above add by the hook `localoffer_sitemaps`.

A hook is called with the site and returns `{name of the part: Sitemap}`.
"""

from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.contrib.sitemaps import Sitemap as PageSitemap
from wagtail.models import Site

from localoffer.page_cache import A_MINUTE_AND_WHILE_ASKING, shared

PART = "sitemap_part"


def _parts(request: HttpRequest) -> dict[str, Sitemap]:
    site = Site.find_for_request(request)
    parts: dict[str, Sitemap] = {"pages": PageSitemap(request)} if site else {}
    for add in hooks.get_hooks("localoffer_sitemaps"):
        parts |= add(site)
    return parts


@shared()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where the parts are."""
    return views.index(request, _parts(request), sitemap_url_name=PART)


@shared(reads=("p",))
@require_safe
def part(request: HttpRequest, section: str) -> HttpResponse:
    """One part: addresses and when each changed."""
    return views.sitemap(request, _parts(request), section=section)


@shared(A_MINUTE_AND_WHILE_ASKING)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read by search engines; the admin is not public."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
