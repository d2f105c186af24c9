"""Two addresses: /bare/… answers with given bytes, every other is a page served as Wagtail does."""

import os
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, re_path
from wagtail import hooks
from wagtail.models import Page


@cache
def _bytes(name: str) -> bytes:
    return (Path(os.environ["BENCH_BYTES"]) / f"{name}.html").read_bytes()


def bare(request: HttpRequest, name: str) -> HttpResponse:
    """The least that Django can do."""
    return HttpResponse(_bytes(name))


def stock(request: HttpRequest, where: str) -> HttpResponse:
    """As `wagtail.views.serve` and `Page.serve` do it, with a template of its own."""
    found = Page.route_for_request(request, where)
    if found is None:
        raise Http404
    page = found[0]
    for check in hooks.get_hooks("before_serve_page"):
        refused = check(page, request, *found[1:])
        if isinstance(refused, HttpResponse):
            return refused
    return TemplateResponse(request, "stock_page.html", Page.get_context(page, request))


urlpatterns = [path("bare/<slug:name>/", bare), re_path(r"^((?:[\w\-]+/)*)$", stock)]
