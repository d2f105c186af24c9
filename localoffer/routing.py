"""Which page an address leads to, found once for all readers and not by four questions each time."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail import views as wagtail_views
from wagtail.models import Page

from localoffer import versions
from localoffer.page_cache import A_MINUTE_AND_WHILE_ASKING, shared

NOT_RESTRICTED = list  # called like a method, it says that nothing restricts a page


@shared(A_MINUTE_AND_WHILE_ASKING, reads=["page"])
def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Wagtail's own view of the page tree. A page that not everybody may read needs a cookie, or sets
    one, and is never kept."""
    if versions.is_recording():
        _recall(request, path)
    return wagtail_views.serve(request, path)


def gives_way(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """For a list of ours at an address where a council may have put a page, which is then shown instead."""

    @wraps(view)
    def page_or_list(request: HttpRequest) -> HttpResponseBase:
        if Page.route_for_request(request, request.path_info) is None:
            return view(request)
        return page(request, request.path_info.removeprefix("/"))

    return page_or_list


def _recall(request: HttpRequest, path: str) -> None:
    """Tell Wagtail what it would find, where that is a page that anybody may read."""
    where = f"{request.scheme}\n{request.get_host()}\n{path}"
    digest = blake2b(where.encode(), digest_size=16).hexdigest()
    found: Any = versions.remember(f"route:{digest}", lambda: _public_route(request, path))
    if found is not None:
        found[0].get_view_restrictions = NOT_RESTRICTED
        request._wagtail_route_for_request = found


def _public_route(request: HttpRequest, path: str) -> Any:
    """The page with its arguments; None, which is not remembered, where there is none that all may read."""
    found = Page.route_for_request(request, path)
    if found is None or found[0].get_view_restrictions().exists():
        return None
    return found
