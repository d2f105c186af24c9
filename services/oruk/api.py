"""The nine addresses of the standard, and beside them its description. Anybody may read them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt

from localoffer.frame import Frame
from localoffer.open_data import METHODS, open_to_all
from services.oruk import openapi
from services.oruk.export import Directory
from services.oruk.parameters import PAGING, SERVICES, BadParameters, read
from services.oruk.schema import Body

_TITLES = {400: "A parameter is wrong", 404: "Not found", 405: "Method not allowed"}

Answer = Body | HttpResponse


def endpoint(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """A view that returns JSON or a problem, read by any site, and again only when it changed.

    Nothing here can be written to, so that there is nothing for a forged request to do.
    """

    @csrf_exempt
    @open_to_all
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return problem(405, f"Use {METHODS}.")
        made = view(request, *args, **kwargs)
        return made if isinstance(made, HttpResponse) else _json(request, made)

    return answer


def _json(request: HttpRequest, body: Body) -> HttpResponse:
    """The answer with its ETag; 304 when the reader has it already. It must ask each time."""
    content = json.dumps(body, ensure_ascii=False).encode()
    response = HttpResponse(content, content_type="application/json")
    etag = quote_etag(hashlib.blake2b(content, digest_size=16).hexdigest())
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    if "page_number" in body:
        response["Link"] = _links(request, body)
    return get_conditional_response(request, etag=etag, response=response) or response


def _links(request: HttpRequest, body: Body) -> str:
    """Where the other pages are (RFC 8288)."""
    number, pages = body["page_number"], max(body["total_pages"], 1)
    wanted = {"first": 1, "last": pages}
    wanted |= {"prev": min(number - 1, pages)} if number > 1 else {}
    wanted |= {"next": number + 1} if number < pages else {}
    query = request.GET.copy()
    links = []
    for rel, page in wanted.items():
        query["page"] = str(page)
        links.append(f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="{rel}"')
    return ", ".join(links)


def problem(status: int, detail: str, faults: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """What went wrong, for a machine and its developer (RFC 9457)."""
    body: Body = {"type": "about:blank", "title": _TITLES[status], "status": status, "detail": detail}
    if faults:
        body["errors"] = [{"parameter": name, "detail": reason} for name, reason in faults]
    content = json.dumps(body, ensure_ascii=False).encode()
    return HttpResponse(content, status=status, content_type="application/problem+json")


def _directory(request: HttpRequest) -> Directory | None:
    site = Frame(request).site
    return Directory(site, request.build_absolute_uri("/").rstrip("/")) if site else None


def _list(name: str, parameters: Sequence[str]) -> Callable[..., HttpResponse]:
    """The view of a page of one of the directory's lists."""

    @endpoint
    def view(request: HttpRequest) -> Answer:
        try:
            asked = read(request.GET, parameters)
        except BadParameters as bad:
            detail = " ".join(f"{parameter}: {reason}" for parameter, reason in bad.faults)
            return problem(400, detail, bad.faults)
        directory = _directory(request)
        return getattr(directory, name)(asked) if directory else problem(404, "No council is here.")

    return view


def _one(name: str) -> Callable[..., HttpResponse]:
    """The view of one thing of the directory by its id."""

    @endpoint
    def view(request: HttpRequest, asked: str) -> Answer:
        nothing = problem(404, "There is nothing with this id here. It may have been taken down.")
        try:
            uuid = str(UUID(asked))
        except ValueError:
            return nothing
        directory = _directory(request)
        return (getattr(directory, name)(uuid) if directory else None) or nothing

    return view


@endpoint
def about(request: HttpRequest) -> Answer:
    """The root: which version of the standard this is."""
    return {
        "version": openapi.VERSION,
        "profile": openapi.PROFILE,
        "openapi_url": request.build_absolute_uri(reverse("oruk:openapi")),
    }


@endpoint
def describe(request: HttpRequest) -> Answer:
    """The OpenAPI document."""
    server = request.build_absolute_uri(reverse("oruk:about")).rstrip("/")
    return openapi.document(server, Frame(request).council.council_name)


services = _list("services", SERVICES)
service = _one("service")
service_at_locations = _list("services_at_locations", SERVICES)
service_at_location = _one("service_at_location")
taxonomies = _list("taxonomies", PAGING)
taxonomy = _one("taxonomy")
taxonomy_terms = _list("taxonomy_terms", PAGING)
taxonomy_term = _one("taxonomy_term")


@endpoint
def nothing(request: HttpRequest, path: str) -> Answer:
    """Every other address under the root."""
    where = request.build_absolute_uri(reverse("oruk:openapi"))
    return problem(404, f"There is nothing at this address. See {where}")
