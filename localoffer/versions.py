"""What may be remembered between requests, and until when: until somebody changes what it was read from.

Every write to the database passes `_watch`, whoever makes it: a save in the admin, a bulk update, an
import, a command. A write to a table that readers see adds a row to `Change` in the same transaction.
One query gives the version of every subject, so that each worker, with whatever cache it has, knows at
its next request. What is remembered is kept under the version it was read at, and is never deleted: once
the version has moved on nobody asks for it again.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from secrets import randbits
from threading import local
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY

from localoffer import clock
from localoffer.models import Change

Kept = TypeVar("Kept")
CONTENT, WORDS, SERVICES, SEARCH, FEEDBACK = "content", "words", "services", "search", "feedback"
# A table of one of these apps is of that subject.
APPS = (SERVICES, SEARCH, FEEDBACK)
EVERYTHING = (CONTENT, WORDS, *APPS)
# The word lists and school terms of the directory, which change once a year and are read all day.
WORD_TABLES = frozenset(
    {"services_need", "services_category", "services_vocabularyterm", "services_schoolterm"}
)
REMEMBER_SECONDS = 600
# A command that runs for long asks again after so many seconds; a request asks once.
OUTSIDE_SECONDS = 10
# Marks add up to less than what a database's whole number holds.
MARK_BITS = 48
KEPT_CHANGES = 200

# Tables that no reader's page is made from. Any other table counts, also one that nobody thought of.
PRIVATE_TABLES = frozenset(
    {
        "django_session", "django_admin_log", "django_migrations", "django_content_type",
        "wagtailcore_revision", "wagtailcore_modellogentry", "wagtailcore_pagelogentry",
        "wagtailcore_referenceindex", "wagtailcore_comment", "wagtailcore_commentreply",
        "wagtailcore_pagesubscription", "wagtailcore_taskstate", "wagtailcore_workflowstate",
        "wagtailcore_uploadedfile",
        "localoffer_throttlecount", "localoffer_change", "localoffer_formatrequest",
        "localoffer_formatrequestcontact", "feedback_commentcontact", "wagtailcore_apitoken",
        "search_searchcount", "search_raresearch",
    }
)  # fmt: skip
PRIVATE_PREFIXES = ("auth_", "wagtailadmin_", "wagtailusers_", "wagtailsearch_", "sqlite_")
# What saving a draft writes into the row of the page or entry that readers see.
DRAFT_COLUMNS = frozenset(
    {
        "latest_revision_id", "latest_revision_created_at", "has_unpublished_changes", "draft_title",
        "locked", "locked_at", "locked_by_id",
    }
)  # fmt: skip
_WRITE = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+"
    r"\"?(?P<table>\w+)\"?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_VERBS = frozenset({"INS", "REP", "UPD", "DEL", "TRU"})
LONGEST_HEAD = 1500
_SET = re.compile(r'"(\w+)" = ')


@dataclass(frozen=True, slots=True)
class Versions:
    """The version of each subject; `changed_at` is when anything last changed, in seconds since 1970."""

    numbers: dict[str, int] = field(default_factory=dict)
    changed_at: float = 0.0

    def of(self, subjects: Iterable[str]) -> tuple[int, ...]:
        """Their versions; whatever is being recorded now is made from these subjects, too."""
        wanted = tuple(subjects)
        seen = _seen.get()
        if seen is not None:
            seen.update(wanted)
        return tuple(self.numbers.get(subject, 0) for subject in wanted)


class _Memo:
    """The versions that one request, or a thread outside any request, has read."""

    def __init__(self) -> None:
        self.versions: Versions | None = None
        self.until = float("inf")


class _Outside(local):
    """The memo of a thread that answers no request."""

    def __init__(self) -> None:
        self.memo = _Memo()
        self.too_many = False  # rows of `Change`: taken away when versions are read next


_outside = _Outside()
_inside: ContextVar[_Memo | None] = ContextVar("localoffer_versions", default=None)
_seen: ContextVar[set[str] | None] = ContextVar("localoffer_versions_seen", default=None)


# -- reading -------------------------------------------------------------------


def current() -> Versions:
    """The versions now, read once a request."""
    memo = _inside.get() or _outside.memo
    if memo.versions is None or time.monotonic() > memo.until:
        memo.versions = _read()
        is_outside = memo is _outside.memo
        memo.until = time.monotonic() + OUTSIDE_SECONDS if is_outside else float("inf")
    return memo.versions


def _read() -> Versions:
    if not _has_table(connection):
        return Versions({subject: randbits(MARK_BITS) for subject in EVERYTHING})
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, SUM(mark), MAX(at) FROM localoffer_change GROUP BY subject")
        found = cursor.fetchall()
    for noted in _noted(connection):
        noted.is_read = True
    if _outside.too_many and not connection.in_atomic_block:
        _outside.too_many = False
        with suppress(DatabaseError):  # a later change asks for it again
            _prune(connection)
    numbers = {subject: int(total) for subject, total, _ in found}
    _forget_root_paths(numbers.get(CONTENT, 0))
    return Versions(numbers, max((at for *_, at in found), default=0.0))


_root_paths_of: list[int] = [-1]


def _forget_root_paths(content: int) -> None:
    """Wagtail remembers where each site begins, and tells only the worker that moved it."""
    if _root_paths_of[0] != content:
        _root_paths_of[0] = content
        cache.delete(SITE_ROOT_PATHS_CACHE_KEY)


@contextmanager
def in_request() -> Iterator[None]:
    """Within it the versions are read once, afresh."""
    token = _inside.set(_Memo())
    try:
        yield
    finally:
        _inside.reset(token)


@contextmanager
def recording() -> Iterator[set[str]]:
    """What happens within it was made from these subjects; the offer's content and words are always two."""
    seen = {CONTENT, WORDS}
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def is_recording() -> bool:
    """Whether what is being made now is the same for every reader."""
    return _seen.get() is not None


def remember(key: str, read: Callable[[], Kept], *, of: Sequence[str] = (CONTENT,)) -> Kept:
    """What `read` gives, kept for this day until one of these subjects changes. None is not kept."""
    numbers = current().of(of)
    name = f"{key}:{':'.join(map(str, numbers))}:{clock.today():%j}"
    kept = cache.get(name)
    if kept is None:
        kept = read()
        if kept is not None:
            cache.set(name, kept, REMEMBER_SECONDS)
    return kept


# -- noticing ------------------------------------------------------------------


@lru_cache(maxsize=512)
def subject_of(sql: str) -> str:
    """The subject that a statement changes; empty where it changes nothing that a reader sees."""
    found = _WRITE.match(sql)
    if found is None:
        return ""
    table = found["table"].lower()
    if table in PRIVATE_TABLES or table.startswith(PRIVATE_PREFIXES):
        return ""
    columns = _SET.findall(found["rest"].partition(" WHERE ")[0]) if sql.lstrip()[:1] in "Uu" else []
    if columns and DRAFT_COLUMNS.issuperset(columns):
        return ""
    if table in WORD_TABLES:
        return WORDS
    app = table.partition("_")[0]
    return app if app in APPS else CONTENT


def _watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Around every statement of a connection."""
    result = execute(sql, params, many, context)
    text = sql if isinstance(sql, str) else ""
    seen = _seen.get()
    if seen is not None:
        seen.update(subject for subject in APPS if f"{subject}_" in text)
    # The names of columns are at the front of a statement, its many rows of values behind.
    subject = subject_of(text[:LONGEST_HEAD]) if text.lstrip()[:3].upper() in _VERBS else ""
    if subject:
        _note(context["connection"], subject)
    return result


class _Noted:
    """One subject that the running transaction has noted. A rollback forgets it with the other callbacks
    of the same savepoint, as it takes back the row."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.is_read = False

    def settle(self) -> None:
        self.is_read = True


def _noted(using: BaseDatabaseWrapper) -> Iterator[_Noted]:
    for _, callback, _ in using.run_on_commit:
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, _Noted):
            yield owner


def _note(using: BaseDatabaseWrapper, subject: str) -> None:
    """Add the row: once for each subject in one transaction, unless somebody read it in between."""
    for memo in (_inside.get(), _outside.memo):
        if memo:
            memo.versions = None
    if any(noted.subject == subject and not noted.is_read for noted in _noted(using)):
        return
    if not _has_table(using):
        return
    mark = randbits(MARK_BITS)
    with using.cursor() as cursor:
        cursor.execute(
            "INSERT INTO localoffer_change (subject, mark, at) VALUES (%s, %s, %s)",
            [subject, mark, time.time()],
        )
    # The statement that is being watched is not read to its end: nothing may begin or end a transaction
    # here, or SQLite would take back what it wrote.
    _outside.too_many |= mark % 32 == 0
    if using.in_atomic_block:
        transaction.on_commit(_Noted(subject).settle, using=using.alias)


def _prune(using: BaseDatabaseWrapper) -> None:
    """The latest changes are enough: a sum that shrinks is a new version like any other."""
    newest = Change.objects.using(using.alias).order_by("-pk").values_list("pk", flat=True).first()
    if newest:
        Change.objects.using(using.alias).filter(pk__lte=newest - KEPT_CHANGES).delete()


_with_table: set[str] = set()


def _has_table(using: BaseDatabaseWrapper) -> bool:
    """Not while the first migrations run."""
    database = str(using.settings_dict["NAME"])
    if database not in _with_table and Change._meta.db_table in using.introspection.table_names():
        _with_table.add(database)
    return database in _with_table


def _connected(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if _watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watch)


def listen() -> None:
    """Called once, when the app is ready."""
    connection_created.connect(_connected, dispatch_uid="localoffer.versions")
