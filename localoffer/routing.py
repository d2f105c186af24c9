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


def parameters(request: HttpRequest) -> frozenset[str] | None:
    """What the page at an address reads of its query: its `reads`, a set of names or a function that gives
    one. None where there is no page that anybody may read."""
    path = request.path_info.removeprefix("/")
    found: frozenset[str] | None = versions.remember(
        f"reads:{_digest(request, path)}", lambda: _read_by(_public_route(request, path))
    )
    return found


def parameters_of_page_or_list(request: HttpRequest) -> frozenset[str]:
    """The same for a list of ours, which reads none, where a page may stand instead (`gives_way`)."""
    path = request.path_info.removeprefix("/")
    found: frozenset[str] = versions.remember(
        f"reads-or-list:{_digest(request, path)}",
        lambda: _read_by(_public_route(request, path)) or frozenset(),
    )
    return found


def _read_by(route: Any) -> frozenset[str] | None:
    if route is None:
        return None
    reads = getattr(route[0], "reads", ())
    return frozenset(reads() if callable(reads) else reads)


@shared(A_MINUTE_AND_WHILE_ASKING, reads=parameters)
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
    found: Any = versions.remember(f"route:{_digest(request, path)}", lambda: _public_route(request, path))
    if found is not None:
        found[0].get_view_restrictions = NOT_RESTRICTED
        request._wagtail_route_for_request = found


def _digest(request: HttpRequest, path: str) -> str:
    where = f"{request.scheme}\n{request.get_host()}\n{path}"
    return blake2b(where.encode(), digest_size=16).hexdigest()


def _public_route(request: HttpRequest, path: str) -> Any:
    """The page with its arguments; None, which is not remembered, where there is none that all may read."""
    found = Page.route_for_request(request, path)
    if found is None or found[0].get_view_restrictions().exists():
        return None
    return found
