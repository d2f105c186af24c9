"""Fetching an Open Referral feed into a file: slowly, within bounds, and onward from where it stopped.

Each page is written to the file before the next is asked for, with a note of where we are. After a
crash the next run goes on from that page. A feed that was fetched within half an hour is not asked
again, so that what a dry run showed is what is imported.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings

from services.fetching import Fetched, FetchError, Limits, TooSlow, Unreachable, fetch
from services.importers.base import Progress, UnusableFile, no_progress
from services.importers.oruk_records import LISTS, Record

PAGE_LIMITS = Limits(wait=20, total=90, size=20 * 1024 * 1024)
A_PAGE = 100
MOST_PAGES = 5_000
MOST_RECORDS = 100_000
MOST_BYTES = 400 * 1024 * 1024
TRIES = 4
BACK_OFF = 5.0
LONGEST_WAIT = 300.0
KEPT_SECONDS = 30 * 60
STEP = "Fetching"
# What only a whole service has.
_WHOLE = frozenset({"service_at_locations", "schedules", "attributes", "contacts", "cost_options",
                    "languages", "service_areas"})  # fmt: skip

# What answers mean, for somebody who can do something about them.
_WHY = {
    401: ": it wants a password or a key",
    403: ": it does not let us in",
    404: ": there is nothing. Look whether the address is whole",
    410: ": the feed is gone",
}

Known = Callable[[str], Record | None]


@dataclass(slots=True)
class State:
    """Where a fetch stands. `bytes` is how much of the file is sound; `details` whether each service
    is asked for by itself (None: nobody knows yet); `full` whether the feed takes our `full`. `within`
    is how many services of the page are in the file already, of a page of the mark `half`."""

    url: str
    page: int = 1
    total: int = 0
    count: int = 0
    bytes: int = 0
    details: bool | None = None
    full: bool = True
    finished: float = 0.0
    marks: list[str] = field(default_factory=list)
    within: int = 0
    half: str = ""
    page_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Politeness:
    """`delay` is seconds between one request and the next; `limits`, of one request, are `PAGE_LIMITS`
    unless said."""

    delay: float = 1.0
    limits: Limits | None = None
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time


POLITE = Politeness()


def is_address(source: str) -> bool:
    """Whether a person named a feed on the web rather than a file."""
    return source.lower().startswith(("http://", "https://"))


def gather(
    url: str,
    *,
    folder: Path | None = None,
    politeness: Politeness = POLITE,
    progress: Progress = no_progress,
    known: Known = lambda external_id: None,
    afresh: bool = False,
) -> Path:
    """Fetch every service of a feed; returns the file, one service a line.

    `known` gives a service as it was last imported: where the feed says that it has not changed
    since, it is not asked for again. Raises UnusableFile, with what was fetched kept for next time.
    """
    fetching = _Fetching(services_address(url), folder or settings.VAR_DIR / "feeds", politeness, known)
    try:
        return fetching.run(progress, afresh)
    except FetchError as error:
        kept = fetching.file.exists() and fetching.file.stat().st_size
        more = " What was fetched is kept: run it again to go on." if kept else ""
        raise UnusableFile(f"{error}{more}") from error
    except OSError as error:
        raise UnusableFile(f"The feed could not be written to a file: {error.strerror}.") from error


def services_address(url: str) -> str:
    """The list of services of a feed, whether its root or its list was named."""
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    path = path if path.endswith("/services") else f"{path}/services"
    query = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("page", "per_page", "full")]
    return parts._replace(path=path, query=urlencode(query), fragment="").geturl()


def shown(url: str) -> str:
    """A feed's address without name, password and query, which may be secret."""
    return _place(services_address(url))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


class _Fetching:
    """One fetch of one feed."""

    def __init__(self, url: str, folder: Path, politeness: Politeness, known: Known) -> None:
        self.url, self.polite, self.known = url, politeness, known
        folder.mkdir(parents=True, exist_ok=True)
        name = blake2b(url.encode("utf-8", "replace"), digest_size=8).hexdigest()
        host = urlsplit(url).hostname or "feed"
        self.file = folder / f"{host}-{name}.jsonl"
        self.note = folder / f"{host}-{name}.state.json"
        self.asked = False

    def run(self, progress: Progress, afresh: bool) -> Path:
        state = self._resume()
        if state.finished and not afresh and self.polite.now() - state.finished < KEPT_SECONDS:
            return self.file
        if afresh or state.finished:
            state = State(self.url)
        with self.file.open("r+b" if self.file.exists() and state.bytes else "wb") as out:
            out.truncate(state.bytes)
            out.seek(state.bytes)
            more = True
            while more:
                services, more = self._page(state, out)
                for service in services:
                    out.write(json.dumps(service, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
                    state.count += 1
                    if state.details:
                        self._keep_half(state, out, progress)
                out.flush()
                state.bytes = state.page_bytes = out.tell()
                state.marks.append(state.half)
                state.page, state.within, state.half = state.page + 1, 0, ""
                self._bounded(state)
                state.finished = 0.0 if more else self.polite.now()
                self._save(state)
                progress(STEP, state.count, max(state.total, state.count))
        if not state.count:
            self.note.unlink(missing_ok=True)  # the next run begins anew
            raise UnusableFile(
                "The feed has no services. Look whether its address is whole, or ask who keeps it."
            )
        return self.file

    def _keep_half(self, state: State, out: BinaryIO, progress: Progress) -> None:
        """Note a service that was asked for by itself, so that a stop costs one request and no page."""
        out.flush()
        state.bytes = out.tell()
        state.within += 1
        self._save(state)
        progress(STEP, state.count, max(state.total, state.count))

    # -- where we are -----------------------------------------------------------------------

    def _resume(self) -> State:
        """The state of an earlier run whose file is as it was left; else a new one."""
        try:
            state = State(**json.loads(self.note.read_text(encoding="utf-8")))
            sound = state.url == self.url and self.file.stat().st_size >= state.bytes
        except (OSError, ValueError, TypeError):
            return State(self.url)
        return state if sound else State(self.url)

    def _save(self, state: State) -> None:
        """All of the note or the one before: never half of one."""
        fresh = self.note.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(state)), encoding="utf-8")
        fresh.replace(self.note)

    @staticmethod
    def _bounded(state: State) -> None:
        if state.page > MOST_PAGES or state.count > MOST_RECORDS or state.bytes > MOST_BYTES:
            raise UnusableFile(
                f"The feed has no end that we found: more than {MOST_RECORDS:,} services, "
                f"{MOST_PAGES:,} pages or {MOST_BYTES // 1024 // 1024} MB."
            )

    # -- pages ----------------------------------------------------------------------------------

    def _page(self, state: State, out: BinaryIO) -> tuple[Iterator[Record], bool]:
        """The services of a page that are not in the file yet, and whether another page follows."""
        body = self._list(state)
        services = _services_of(body, self.url)
        ids = [str(each.get("id", "")) for each in services]
        mark = blake2b("\n".join(ids).encode("utf-8", "replace"), digest_size=8).hexdigest()
        if services and mark in state.marks:
            raise UnusableFile(
                f"Page {state.page} of the feed is one that it sent before: it goes round in circles."
            )
        if state.within and state.half != mark:  # it is another page by now: begin it anew
            state.count -= state.within
            state.within, state.bytes = 0, state.page_bytes
            out.truncate(state.bytes)
            out.seek(state.bytes)
        state.half = mark
        if state.details is None and services:
            state.details = not any(_WHOLE & each.keys() for each in services)
        paged = isinstance(body, dict)
        state.total = _number(body.get("total_items")) if paged else len(services)
        last = _number(body.get("total_pages")) if paged else 1
        ended = not services or not paged or body.get("last_page") is True or (last and state.page >= last)
        return self._whole(services[state.within :], state), not ended

    def _list(self, state: State) -> Any:
        """One page. A feed that refuses our `full` is asked without it."""
        try:
            return self._json(self._address(state))
        except _Refused:
            if not state.full or state.page > 1:
                raise
            state.full = False
            return self._json(self._address(state))

    def _address(self, state: State) -> str:
        more: dict[str, Any] = {"page": state.page, "per_page": A_PAGE}
        more |= {"full": "true"} if state.full else {}
        return f"{self.url}{'&' if urlsplit(self.url).query else '?'}{urlencode(more)}"

    def _whole(self, services: list[Record], state: State) -> Iterator[Record]:
        if not state.details:
            yield from services
            return
        for service in services:
            yield self._detail(service)

    def _detail(self, listed: Record) -> Record:
        """A whole service: as we have it when it has not changed, else by its own address."""
        external_id, modified = str(listed.get("id", "")), listed.get("last_modified")
        held = self.known(external_id) if modified else None
        if held is not None and held.get("last_modified") == modified:
            return held
        if not external_id or "/" in external_id or "?" in external_id:
            return listed
        parts = urlsplit(self.url)
        try:
            found = self._json(parts._replace(path=f"{parts.path}/{external_id}", query="").geturl())
        except _Refused:
            return listed
        return found if isinstance(found, dict) else listed

    # -- one request -------------------------------------------------------------------------------

    def _json(self, url: str) -> Any:
        """What an address sends, asked again after a while when it is busy, slow or ill."""
        limits = self.polite.limits or PAGE_LIMITS
        for attempt in range(1, TRIES + 1):
            if self.asked:
                self.polite.sleep(self.polite.delay)
            self.asked = True
            try:
                with fetch(url, headers={"Accept": "application/json"}, limits=limits) as answer:
                    if answer.status == 200:
                        return _read_json(answer)
                    wait = _wait_after(answer, attempt)
            except (TooSlow, Unreachable):
                if attempt == TRIES:
                    raise
                wait = BACK_OFF * 2 ** (attempt - 1)
            if attempt < TRIES:
                self.polite.sleep(wait)
        raise FetchError(f"{urlsplit(url).hostname} did not answer properly after {TRIES} tries.")


class _Refused(FetchError):
    """An answer that asking again will not change."""


def _wait_after(answer: Fetched, attempt: int) -> float:
    """Seconds to wait before asking again; _Refused when that would not help."""
    if answer.status != 429 and answer.status < 500:
        why = _WHY.get(answer.status, "")
        raise _Refused(f"{_place(answer.url)} answered {answer.status}{why}.")
    asked = answer.retry_after
    if asked is not None and asked > LONGEST_WAIT:
        raise FetchError(
            f"{urlsplit(answer.url).hostname} asks us to come back in {asked / 60:,.0f} minutes."
        )
    return asked if asked is not None else BACK_OFF * 2 ** (attempt - 1)


def _read_json(answer: Fetched) -> Any:
    content = answer.read()
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        kind = answer.headers.get("content-type", "something else").partition(";")[0][:60]
        host = urlsplit(answer.url).hostname
        if "json" in kind:
            raise FetchError(f"{host} sent JSON that is cut off or broken. Try again later.") from error
        raise FetchError(f"{host} did not send JSON but {kind}.") from error


def _services_of(body: Any, url: str) -> list[Record]:
    listed: Any = body if isinstance(body, list) else None
    if isinstance(body, Mapping):
        listed = next((body[key] for key in LISTS if isinstance(body.get(key), list)), None)
    if listed is None:
        raise FetchError(f"{_place(url)} is not a list of Open Referral services: it has no “contents”.")
    return [each for each in listed if isinstance(each, dict)]


def _number(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < 1_000_000_000 else 0
