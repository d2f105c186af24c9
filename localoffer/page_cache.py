"""Pages that are the same for every reader: kept by this worker, by readers' browsers and by caches between.

A reader has no cookie here, so an address has one answer until something changes. Views
of which that is true say so with `@shared`. Whatever does not, whatever sets a cookie and whatever a person
who is signed in asks for is private.
A page is kept whole under its address with the versions (`versions`) of what it was made from. Of the
address a view sees only the parameters that it reads (`Shared.reads`): what else is written there, such as
where a link was clicked, neither makes a page anew nor can stand on it.
"""

import gzip
import hashlib
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from threading import Lock
from typing import Any, TypeVar

from cachetools import LRUCache
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from wagtail.models import Site

from localoffer import versions
from localoffer.anybody import is_anybody
from localoffer.versions import Versions

# Nothing that must be taken down at once is seen a minute later: comments are asked for each time.
A_MINUTE = "public, max-age=60"
A_MINUTE_AND_WHILE_ASKING = "public, max-age=60, stale-while-revalidate=60"
ASK_EACH_TIME = "public, no-cache"
PRIVATE, PRIVATE_TO_STAFF, NEVER = "private, no-cache", "private, no-store", "no-store"
# Time for which a change may share its second with the answer before it.
SETTLED_SECONDS = 2
LONGEST_KEPT = 512 * 1024
LONGEST_QUERY = 300
WORTH_PACKING = 1024
PACKED_TYPES = ("text/", "application/json", "application/atom+xml", "application/xml")
# "gzip;q=0" says that a reader cannot unpack it.
_ACCEPTS_GZIP = re.compile(r"(?<![\w-])gzip(?!\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|$))(?![\w-])", re.IGNORECASE)
MARK = "localoffer_shared"
# Where the query of a request stands as it was sent.
SENT = "localoffer.sent_query"
# The names of the parameters that a view reads; or a function that tells them, or None where it cannot.
Reads = Iterable[str] | Callable[[HttpRequest], frozenset[str] | None]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Shared:
    """How an answer that is the same for everybody may be kept.

    `reads`: parameters that the view reads; it is shown no other where its pages are kept whole. `own`:
    parameters that it reads, too, and that say what one person looks for, such as words or a postcode: no
    cache but that person's browser keeps the answer.
    """

    control: str = A_MINUTE
    reads: Reads = ()
    own: frozenset[str] = frozenset()
    is_kept: bool = True

    def known(self, request: HttpRequest) -> frozenset[str] | None:
        """Every parameter that the view reads; None where nobody can say."""
        reads = self.reads(request) if callable(self.reads) else frozenset(self.reads)
        return None if reads is None else reads | self.own


def shared(
    control: str = A_MINUTE, *, reads: Reads = (), own: Iterable[str] = (), is_kept: bool = True
) -> Callable[[View], View]:
    """Marks a view whose answer depends on nothing but its address and the offer."""
    policy = Shared(control, reads if callable(reads) else frozenset(reads), frozenset(own), is_kept)

    def mark(view: View) -> View:
        setattr(view, MARK, policy)
        return view

    return mark


def policy_of(match: ResolverMatch | None) -> Shared | None:
    """None where an answer is for one person only, or says itself who may keep it."""
    return getattr(match.func, MARK, None) if match else None


@dataclass(slots=True)
class Page:
    """An answer as it is kept. `made_from`: subject to the version of it."""

    body: bytes
    headers: dict[str, str]
    control: str
    etag: str
    changed_at: float
    made_from: dict[str, int]
    day: date
    kept_until: float
    packed: bytes = b""

    def is_fresh(self, now: Versions) -> bool:
        return (
            self.day == timezone.localdate()
            and time.monotonic() < self.kept_until
            and all(now.numbers.get(subject, 0) == number for subject, number in self.made_from.items())
        )

    @property
    def is_worth_packing(self) -> bool:
        kind = self.headers.get("Content-Type", "")
        return len(self.body) >= WORTH_PACKING and kind.startswith(PACKED_TYPES)


class _Kept:
    """The pages of this worker, the least asked for let go first. Bounded in bytes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pages: LRUCache[str, Page] = LRUCache(self._room(), getsizeof=_size)

    @staticmethod
    def _room() -> int:
        return int(settings.PAGE_CACHE_MB) * 1024 * 1024

    def get(self, key: str) -> Page | None:
        with self._lock:
            return self._pages.get(key)

    def keep(self, key: str, page: Page) -> None:
        with self._lock:
            if _size(page) <= self._pages.maxsize:
                self._pages[key] = page

    def clear(self) -> None:
        with self._lock:
            self._pages = LRUCache(self._room(), getsizeof=_size)


def _size(page: Page) -> int:
    """Bytes: twice the body, for it may be kept packed beside it, and what hangs on it."""
    return 2 * len(page.body) + 2_000


kept = _Kept()


class PageCacheMiddleware:
    """Answers with a page that is kept and still true; else marks what is made for whoever may keep it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with versions.in_request():
            if not is_anybody(request):
                return _private(request, self.get_response(request))
            now = _versions_now()
            if now and request.META.get("QUERY_STRING"):
                _leave_out_unread(request)
            key = _key(request)
            page = kept.get(key) if now else None
            if page and now and page.is_fresh(now):
                return _answer(request, page)
            with versions.recording() as made_from:
                if now:
                    _remember_site(request)
                response = self.get_response(request)
            return _finish(request, response, key, now, made_from)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Where nothing is found, a redirect may be: staff write them for addresses with a query."""
        if isinstance(exception, Http404) and SENT in request.META:
            _ask(request, request.META.pop(SENT))


def _leave_out_unread(request: HttpRequest) -> None:
    """Let the view see, and the page be kept under, no parameter that it does not read."""
    try:
        policy = policy_of(resolve(request.path_info))
    except Resolver404:
        return
    known = policy.known(request) if policy and policy.is_kept else None
    if known is None or known >= request.GET.keys():
        return
    query = request.GET.copy()
    for name in request.GET.keys() - known:
        del query[name]
    request.META[SENT] = request.META["QUERY_STRING"]
    _ask(request, query.urlencode())


def _ask(request: HttpRequest, query: str) -> None:
    request.META["QUERY_STRING"] = query
    vars(request).pop("GET", None)  # Django reads it once


def _versions_now() -> Versions | None:
    """None where the database does not answer: whoever makes the page will say so."""
    try:
        return versions.current()
    except DatabaseError:
        return None


def _remember_site(request: HttpRequest) -> None:
    """Where Wagtail looks for it first. `root_page` is read with it."""
    found = versions.remember(
        f"site:{request.get_host()}:{request.get_port()}", lambda: (Site.find_for_request(request),)
    )
    request._wagtail_site = found[0]


def _key(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}{request.path}?{request.META.get('QUERY_STRING', '')}"


def _finish(
    request: HttpRequest, response: HttpResponse, key: str, now: Versions | None, made_from: set[str]
) -> HttpResponse:
    """Keep what may be kept; say to others what they may keep."""
    policy = policy_of(request.resolver_match)
    if policy is None or response.status_code != 200 or response.has_header("Cache-Control"):
        return _private(request, response)
    if response.cookies or now is None:
        response["Cache-Control"] = PRIVATE_TO_STAFF
        return response
    if response.streaming:
        response["Cache-Control"] = policy.control
        return response
    control = PRIVATE if policy.own & request.GET.keys() else policy.control
    page = _page(response, control, now, made_from)
    if _may_keep(request, response, policy):
        kept.keep(key, page)
    return _answer(request, page)


def _page(response: HttpResponse, control: str, now: Versions, made_from: set[str]) -> Page:
    body = response.content
    day = timezone.localdate()
    morning = timezone.make_aware(datetime.combine(day, clock_time()))
    return Page(
        body=body,
        headers={name: value for name, value in response.items() if name not in ("ETag", "Last-Modified")},
        control=control,
        etag=hashlib.blake2b(body, digest_size=16).hexdigest(),
        # "Today" is on many pages: each day makes them anew.
        changed_at=max(now.changed_at, morning.timestamp()),
        made_from={subject: now.numbers.get(subject, 0) for subject in made_from},
        day=day,
        kept_until=time.monotonic() + versions.REMEMBER_SECONDS,
    )


def _may_keep(request: HttpRequest, response: HttpResponse, policy: Shared) -> bool:
    asked = request.GET.keys()
    return (
        policy.is_kept
        and request.method == "GET"
        and not policy.own & asked
        and (not asked or (policy.known(request) or frozenset()) >= asked)
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
        and len(response.content) <= LONGEST_KEPT
    )


def _answer(request: HttpRequest, page: Page) -> HttpResponse:
    """The page, packed where the reader can unpack it; or 304 where the reader has it already."""
    is_packed = page.is_worth_packing and bool(
        _ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", ""))
    )
    if is_packed and not page.packed:
        page.packed = gzip.compress(page.body, compresslevel=6, mtime=0)
    response = HttpResponse(page.packed if is_packed else page.body, headers=page.headers)
    etag = quote_etag(f"{page.etag}-gz" if is_packed else page.etag)
    if is_packed:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    response["ETag"] = etag
    response["Cache-Control"] = PRIVATE if "Authorization" in request.headers else page.control
    modified = None
    if time.time() - page.changed_at > SETTLED_SECONDS:
        modified = int(page.changed_at)
        response["Last-Modified"] = http_date(modified)
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return get_conditional_response(request, etag, modified, response) or response


def _private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What a view said stays. Else: errors are nobody's to keep, and the rest is one reader's alone."""
    if response.has_header("Cache-Control"):
        return response
    if response.status_code >= 400:
        response["Cache-Control"] = NEVER
    elif settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
        response["Cache-Control"] = PRIVATE_TO_STAFF
    else:
        response["Cache-Control"] = PRIVATE
    return response
