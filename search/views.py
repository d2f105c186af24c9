"""The page where families find help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from wagtail.models import Site

from localoffer.frame import Frame
from search.finder import find


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Every state of a search has an address, and works without JavaScript."""
    frame = Frame(request)
    site = Site.find_for_request(request)
    page = find(request.GET, authority=site.pk if site else 0, council=frame.council)
    crumbs = [("Home", frame.home_url)]
    if not page.is_bare:
        crumbs.append(("Find services", reverse("search:results")))
    context = {"page": page, "crumbs": crumbs, "missing_url": _missing_url(request)}
    return render(request, "search/results.html", context)


def _missing_url(request: HttpRequest) -> str:
    """The comment form, told that something is missing; empty where this site has none."""
    try:
        form = reverse("feedback:comment")
    except NoReverseMatch:
        return ""
    return f"{form}?{urlencode({'topic': 'missing', 'about': request.path})}"
