"""Whether the addresses that the site sends families to still work.

Polite: one question at a time, a pause before the same server is asked again, and as long as a
server asks for. Bounded in number and time. Never asks a private address (`services.fetching`).
"""

import html
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from localoffer.batches import batched
from services.enums import LinkState
from services.fetching import AddressRefused, Fetched, FetchError, Limits, fetch
from services.models import Organisation, Service, WebLink

LIMITS = Limits(wait=10, total=25, size=64 * 1024, redirects=5)
PAUSE = 2.0  # seconds between two questions to one server
MOST_LINKS = 500
MOST_MINUTES = 30
AGAIN_AFTER = timedelta(days=7)
# What failed is looked at again sooner: many servers are only away for a night.
SHAKY_AFTER = timedelta(hours=20)
LONGEST_WAIT = timedelta(days=7)
# Failures in a row, on different days, before an address that only does not answer is called broken.
BROKEN_AFTER = 3
GONE = frozenset({404, 410})
# It answered, but not to us: a person with a browser may well read it.
NOT_FOR_US = frozenset({401, 402, 403, 407, 429, 451})

_HREF = re.compile(r'href="(https?://[^"<>\s]{3,490})"', re.IGNORECASE)
_WHOLE = re.compile(r"\Ahttps?://[^\s<>\"]{3,490}\Z", re.IGNORECASE)

Ask = Callable[..., AbstractContextManager[Fetched]]


@dataclass(frozen=True, slots=True)
class Use:
    """Where an address stands: what it is called there, and where it is mended."""

    title: str
    edit_url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one question. `wait` is how long the server asks to be left alone, in seconds."""

    state: LinkState
    status: int | None = None
    problem: str = ""
    moved_to: str = ""
    wait: float | None = None


@dataclass(slots=True)
class Checked:
    """What one run did, in numbers."""

    asked: int = 0
    good: int = 0
    shaky: int = 0
    broken: int = 0
    blocked: int = 0
    left: int = 0


# -- which addresses ------------------------------------------------------------------


def uses(wanted: set[str] | None = None, authority: Site | None = None) -> Iterator[tuple[str, Use]]:
    """Every address on live entries and pages with where it stands; only the `wanted` ones, if given,
    and only where an authority has them."""
    for label, model, column, live in _COLUMNS:
        rows = model._default_manager.filter(live).exclude(**{column: ""})
        if authority is not None:
            rows = rows.filter(authority=authority)
        if wanted is not None:
            rows = rows.filter(**{f"{column}__in": wanted})
        name = model._meta.model_name
        for pk, title, url in rows.values_list("pk", "name", column).iterator():
            edit = reverse(f"wagtailsnippets_services_{name}:edit", args=[pk])
            yield url, Use(f"{title}{label}", edit)
    sites = Site.objects.select_related("root_page")
    for site in sites.filter(pk=authority.pk) if authority is not None else sites:
        for page in Page.objects.live().descendant_of(site.root_page, inclusive=True).specific().iterator():
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
            for url in dict.fromkeys(_within(page.serializable_data())):
                if wanted is None or url in wanted:
                    yield url, Use(page.title, edit)


def link_counts(authority: Site) -> dict[str, int]:
    """State to how many addresses that an authority uses have it. With one authority, of all of them."""
    links = WebLink.objects.order_by()
    if Site.objects.count() > 1:
        used = {url for url, _ in uses(None, authority)}
        return dict(Counter(state for url, state in links.values_list("url", "state") if url in used))
    return dict(links.values_list("state").annotate(Count("pk")))


def broken_count(authority: Site) -> int:
    """How many addresses that an authority uses are broken."""
    if Site.objects.count() == 1:
        return WebLink.objects.broken().count()
    broken = set(WebLink.objects.broken().values_list("url", flat=True))
    return len({url for url, _ in uses(broken, authority)}) if broken else 0


_LIVE = Q(live=True)
_COLUMNS: tuple[tuple[str, Any, str, Q], ...] = (
    ("", Service, "url", _LIVE),
    (": SEN information report", Service, "sen_information_report_url", _LIVE),
    ("", Organisation, "url", Q(services__live=True)),
)


def _within(value: Any) -> Iterator[str]:
    """Web addresses in what a page holds: links of rich text, and fields that are an address."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _within(part)
    elif isinstance(value, list):
        for part in value:
            yield from _within(part)
    elif isinstance(value, str) and "://" in value:
        stream = _stream(value)
        if stream is not None:
            yield from _within(stream)
        elif _WHOLE.match(value.strip()):
            yield value.strip()
        else:
            yield from map(html.unescape, _HREF.findall(value))


def _stream(value: str) -> Any:
    """What a stream keeps as JSON text; None for any other text."""
    if value[:1] not in ("[", "{"):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def gather() -> int:
    """Note every address in use and forget those that no longer are; returns how many there are."""
    found = {url for url, _ in uses() if len(url) <= 500}
    held = set(WebLink.objects.values_list("url", flat=True))
    WebLink.objects.bulk_create(
        [WebLink(url=url) for url in sorted(found - held)], batch_size=500, ignore_conflicts=True
    )
    gone = sorted(held - found)
    for some in batched(gone, 500):
        WebLink.objects.filter(url__in=some).delete()
    return len(found)


def dead(urls: Collection[str]) -> set[str]:
    """Which of these addresses were found broken when last asked. For the hook `register_dead_links`."""
    broken = WebLink.objects.filter(state=LinkState.BROKEN).values_list("url", flat=True)
    return set(broken) & set(urls)


# -- asking ---------------------------------------------------------------------------


def due(now: datetime) -> QuerySet[WebLink]:
    """What is to be asked now, the longest unasked first."""
    old = Q(checked_at=None) | Q(checked_at__lte=now - AGAIN_AFTER)
    shaky = Q(state=LinkState.SHAKY, checked_at__lte=now - SHAKY_AFTER)
    rested = Q(not_before=None) | Q(not_before__lte=now)
    return WebLink.objects.filter((old | shaky) & rested).order_by("checked_at", "pk")


def check_links(
    *,
    limit: int = MOST_LINKS,
    minutes: float = MOST_MINUTES,
    pause: float = PAUSE,
    ask: Ask = fetch,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    told: Callable[[WebLink], None] = lambda link: None,
) -> Checked:
    """Ask the addresses that are due and keep what they answer. Its command lets one run at a time.

    Every answer is kept as it comes: a run that stops has lost nothing.
    """
    queue = list(due(timezone.now())[:limit])
    done, ends = Checked(), clock() + minutes * 60
    free_at: dict[str, float] = {}
    silent: set[str] = set()
    while queue and clock() < ends:
        link = _next(queue, free_at, clock())
        host = host_of(link.url)
        if host in silent:
            done.left += 1
            continue
        wait = free_at.get(host, 0) - clock()
        if wait > 0:
            sleep(wait)
        answer = ask_once(link.url, ask=ask, rest=lambda: sleep(pause))
        free_at[host] = clock() + pause
        if answer.wait is not None:
            silent.add(host)
        keep(link, answer)
        done.asked += 1
        setattr(done, link.state, getattr(done, link.state) + 1)
        told(link)
    done.left += len(queue)
    return done


def _next(queue: list[WebLink], free_at: dict[str, float], now: float) -> WebLink:
    """The first address whose server may be asked now, or the one that may be soonest."""
    ready = next((at for at, link in enumerate(queue) if free_at.get(host_of(link.url), 0) <= now), None)
    if ready is None:
        ready = min(range(len(queue)), key=lambda at: free_at[host_of(queue[at].url)])
    return queue.pop(ready)


def host_of(url: str) -> str:
    """The server's name; the whole text where there is none."""
    try:
        return (urlsplit(url).hostname or url).lower()
    except ValueError:
        return url


def ask_once(url: str, *, ask: Ask = fetch, rest: Callable[[], None] = lambda: None) -> Answer:
    """What an address answers: to HEAD, which sends no page, and if that is not well to GET."""
    first = _ask(url, "HEAD", ask)
    if first.state in (LinkState.GOOD, LinkState.BLOCKED) and first.status not in NOT_FOR_US - {429}:
        return first
    if first.wait is not None:
        return first
    rest()
    return _ask(url, "GET", ask)


def _ask(url: str, method: str, ask: Ask) -> Answer:
    try:
        with ask(url, method=method, limits=LIMITS) as got:
            return _read(url, got)
    except AddressRefused as error:
        return Answer(LinkState.BLOCKED, problem=str(error)[:200])
    except FetchError as error:
        return Answer(LinkState.SHAKY, problem=str(error)[:200])


def _read(url: str, got: Fetched) -> Answer:
    wait = got.retry_after if got.status in (429, 503) else None
    if got.status in GONE:
        return Answer(LinkState.BROKEN, got.status, "There is no such page any more.")
    if got.status in NOT_FOR_US:
        return Answer(LinkState.BLOCKED, got.status, "It does not let us look. Try it yourself.", wait=wait)
    if got.status >= 400:
        return Answer(LinkState.SHAKY, got.status, f"It answers with an error ({got.status}).", wait=wait)
    moved = got.url if _elsewhere(url, got.url) else ""
    return Answer(LinkState.GOOD, got.status, moved_to=moved[:500])


def _elsewhere(url: str, end: str) -> bool:
    """Whether it leads to another page: not only from http to https, www or a slash at the end."""

    def core(address: str) -> str:
        return re.sub(r"\Ahttps?://(?:www\.)?", "", address.lower()).rstrip("/")

    return core(url) != core(end)


def keep(link: WebLink, answer: Answer) -> None:
    """Write down an answer. One that fails three times in a row is broken."""
    now = timezone.now()
    failed = answer.state in (LinkState.SHAKY, LinkState.BROKEN)
    link.failures = link.failures + 1 if failed else 0
    link.failing_since = (link.failing_since or now) if failed else None
    lasting = answer.state == LinkState.SHAKY and link.failures >= BROKEN_AFTER
    link.state = LinkState.BROKEN if lasting else answer.state
    link.status, link.problem, link.moved_to = answer.status, answer.problem, answer.moved_to
    link.checked_at = now
    wait = None if answer.wait is None else min(timedelta(seconds=answer.wait), LONGEST_WAIT)
    link.not_before = now + wait if wait else None
    link.save()
