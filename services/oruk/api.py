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
from services.oruk import openapi
from services.oruk.export import Directory
from services.oruk.parameters import PAGING, SERVICES, BadParameters, read
from services.oruk.schema import Body

METHODS = "GET, HEAD, OPTIONS"
_TITLES = {400: "A parameter is wrong", 404: "Not found", 405: "Method not allowed"}

Answer = Body | HttpResponse


def endpoint(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """A view that returns JSON or a problem, read by any site, and again only when it changed.

    Nothing here can be written to, so that there is nothing for a forged request to do.
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        elif request.method not in ("GET", "HEAD"):
            response = problem(405, f"Use {METHODS}.")
        else:
            made = view(request, *args, **kwargs)
            response = made if isinstance(made, HttpResponse) else _json(request, made)
        if request.method == "OPTIONS" or response.status_code == 405:
            response["Allow"] = METHODS
        return _open_to_all(response)

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


def _open_to_all(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
    response["Access-Control-Expose-Headers"] = "ETag, Link"
    response["Access-Control-Max-Age"] = "86400"
    return response


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


def _page(request: HttpRequest, names: Sequence[str], list_name: str) -> Answer:
    """A page of one of the directory's lists."""
    try:
        asked = read(request.GET, names)
    except BadParameters as bad:
        detail = " ".join(f"{name}: {reason}" for name, reason in bad.faults)
        return problem(400, detail, bad.faults)
    directory = _directory(request)
    return getattr(directory, list_name)(asked) if directory else problem(404, "No council is here.")


def _one(request: HttpRequest, asked: str, name: str) -> Answer:
    """One thing of the directory by its id."""
    nothing = problem(404, "There is nothing with this id here. It may have been taken down.")
    try:
        uuid = str(UUID(asked))
    except ValueError:
        return nothing
    directory = _directory(request)
    return (getattr(directory, name)(uuid) if directory else None) or nothing


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


@endpoint
def services(request: HttpRequest) -> Answer:
    return _page(request, SERVICES, "services")


@endpoint
def service(request: HttpRequest, asked: str) -> Answer:
    return _one(request, asked, "service")


@endpoint
def service_at_locations(request: HttpRequest) -> Answer:
    return _page(request, SERVICES, "services_at_locations")


@endpoint
def service_at_location(request: HttpRequest, asked: str) -> Answer:
    return _one(request, asked, "service_at_location")


@endpoint
def taxonomies(request: HttpRequest) -> Answer:
    return _page(request, PAGING, "taxonomies")


@endpoint
def taxonomy(request: HttpRequest, asked: str) -> Answer:
    return _one(request, asked, "taxonomy")


@endpoint
def taxonomy_terms(request: HttpRequest) -> Answer:
    return _page(request, PAGING, "taxonomy_terms")


@endpoint
def taxonomy_term(request: HttpRequest, asked: str) -> Answer:
    return _one(request, asked, "taxonomy_term")


@endpoint
def nothing(request: HttpRequest, path: str) -> Answer:
    """Every other address under the root."""
    where = request.build_absolute_uri(reverse("oruk:openapi"))
    return problem(404, f"There is nothing at this address. See {where}")
