"""Reading the public log: filters with true counts, order, pages and figures, in a few queries.

Counting is by comment, showing is by entry: four people who said one thing are four comments in
one entry. The rows of one authority are read once, as a few short columns, and counted here, so that
each filter's counts leave that filter itself aside.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from feedback import entries, tally
from feedback.enums import (
    SECTION_WORDS,
    ActionStatus,
    Role,
    Topic,
)
from feedback.models import Action, Comment
from feedback.tally import NotShown
from localoffer.pagination import Pager, paginate
from localoffer.plain_text import plain

PER_PAGE = 20
SORTS = {"change": "Latest change", "newest": "Newest comment", "due": "Due soonest"}
STATUS_WORDS = {
    "done": "Done",
    "under_way": "Under way",
    "planned": "Planned",
    "considering": "Still deciding",
    "not_doing": "Not doing",
    "late": "Late",
    "long_overdue": "Long overdue",
    "answered": "Answered",
    "waiting": "Answer to come",
}
MOST_WORDS = 8
NEVER = date(9999, 12, 31)


def school_year(day: date) -> int:
    """The year in which the school year of a day began."""
    return day.year if day.month >= 9 else day.year - 1


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What a person asked of the log. Whatever does not fit is left out; nothing raises."""

    words: str = ""
    chosen: dict[str, frozenset[str]] = field(default_factory=dict)
    sort: str = "change"
    asked: QueryDict = field(default_factory=QueryDict)

    @classmethod
    def parse(cls, query: QueryDict) -> Self:
        chosen = {}
        for facet in FACETS:
            keys = frozenset(value for value in query.getlist(facet.key) if facet.words(value))
            if keys:
                chosen[facet.key] = keys
        sort = query.get("sort", "")
        return cls(
            words=" ".join(plain(query.get("q", ""))[:200].split()),
            chosen=chosen,
            sort=sort if sort in SORTS else "change",
            asked=query,
        )

    def without(self, key: str, value: str = "") -> str:
        """The log's address without one choice, or without a whole parameter; from its first page."""
        query = self.asked.copy()
        kept = [v for v in query.getlist(key) if value and v != value]
        query.pop("page", None)
        query.setlist(key, kept) if kept else query.pop(key, None)
        return f"?{query.urlencode()}"

    def sorted_by(self, sort: str) -> str:
        query = self.asked.copy()
        query.pop("page", None)
        query["sort"] = sort
        return f"?{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class Row:
    """One shown comment; `entry` is the comment that holds its public text."""

    entry: int
    topic: str
    section: str
    role: str
    received_on: date
    status: str = ""
    changed_on: date = date.min
    due: date = NEVER


@dataclass(frozen=True, slots=True)
class FacetKind:
    """A group of filters: its name in the address, its label, and how to read it off a row."""

    key: str
    label: str
    read: Callable[[Row], str]
    words: Callable[[str], str]
    order: Callable[[str], object]


def _listed(words: dict[str, str]) -> tuple[Callable[[str], str], Callable[[str], object]]:
    keys = list(words)
    return lambda key: words.get(key, ""), lambda key: keys.index(key) if key in words else 99


def _year_words(key: str) -> str:
    is_year = key.isascii() and key.isdigit() and len(key) == 4
    return f"September {key} to August {int(key) + 1}" if is_year else ""


FACETS = (
    FacetKind("status", "What happened", lambda r: r.status, *_listed(STATUS_WORDS)),
    FacetKind("topic", "About", lambda r: r.topic, *_listed(dict(Topic.choices))),
    FacetKind(
        "section", "Section", lambda r: r.section, *_listed({k.value: v for k, v in SECTION_WORDS.items()})
    ),
    FacetKind("who", "Who said it", lambda r: r.role, *_listed(dict(Role.choices))),
    FacetKind(
        "year",
        "When",
        lambda r: str(school_year(r.received_on)),
        _year_words,
        lambda key: -int(key),
    ),
)
OPEN_FACETS = ("status", "topic")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """As `templates/components/facet_choice.html` draws it; these have no headings to stand under."""

    key: str
    label: str
    count: int
    chosen: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """As `templates/components/facet.html` draws it."""

    key: str
    label: str
    values: tuple[FacetValue, ...]
    chosen_count: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """All that the log's template sees."""

    query: LogQuery
    figures: list[tuple[str, int]]
    facets: list[Facet]
    chips: list[tuple[str, str]]
    sorts: list[tuple[str, str, bool]]
    count: int
    entry_count: int
    cards: list[entries.Card]
    pager: Pager
    received: int
    shown: int
    not_shown: list[NotShown]
    being_read: int
    since: date | None

    @property
    def not_shown_total(self) -> int:
        return sum(n.count for n in self.not_shown)

    @property
    def csv_url(self) -> str:
        return self._download("feedback:log_csv")

    @property
    def json_url(self) -> str:
        return self._download("feedback:log_json")

    @property
    def feed_url(self) -> str:
        return self._download("feedback:log_feed")

    def _download(self, name: str) -> str:
        """The same comments, all of them, in another form."""
        kept = self.query.without("page").removeprefix("?")
        return f"{reverse(name)}?{kept}" if kept else reverse(name)

    @property
    def is_filtered(self) -> bool:
        return bool(self.query.words or self.query.chosen)


def read_log(authority: Site, query: LogQuery, today: date | None = None) -> LogPage:
    """One page of an authority's log: at most six queries, seven where words are asked for."""
    today = today or timezone.localdate()
    rows = _rows(authority, today)
    with_words = _entries_with(query.words, authority) if query.words else None
    rows_asked = rows if with_words is None else [row for row in rows if row.entry in with_words]
    matching = _matching(rows_asked, query.chosen)
    order = _ordered(matching, query.sort)
    pager = paginate(len(order), query.asked, per_page=PER_PAGE)
    account = tally.of(Comment.objects.of(authority))
    return LogPage(
        query=query,
        figures=_figures(authority, account.received, account.since, today),
        facets=[_facet(kind, rows_asked, query.chosen) for kind in FACETS],
        chips=_chips(query),
        sorts=[(words, query.sorted_by(key), key == query.sort) for key, words in SORTS.items()],
        count=len(matching),
        entry_count=len(order),
        cards=entries.cards(_in_order(order[pager.slice]), today),
        pager=pager,
        received=account.received,
        shown=len(rows),
        not_shown=list(account.not_shown),
        being_read=account.being_read,
        since=account.since,
    )


def every_entry(authority: Site, query: LogQuery, today: date | None = None) -> list[Comment]:
    """All entries that fit, in the order asked for: what the feed and the downloads hold."""
    today = today or timezone.localdate()
    rows = _rows(authority, today)
    if query.words:
        with_words = _entries_with(query.words, authority)
        rows = [row for row in rows if row.entry in with_words]
    return _in_order(_ordered(_matching(rows, query.chosen), query.sort))


# -- rows ------------------------------------------------------------------------


def _rows(authority: Site, today: date) -> list[Row]:
    """Every shown comment; status and dates are those of its entry."""
    comments = list(
        Comment.objects.of(authority)
        .shown()
        .select_related("action__authority__commentsettings")
        .only(
            "together_with", "topic", "section", "role", "received_on", "disposition",
            "answer_due", "published_on", "answered_on",
            "action__status", "action__target_date", "action__first_target_date", "action__changed_on",
            "action__authority__hostname", "action__authority__commentsettings__long_overdue_days",
        )
    )  # fmt: skip
    leads = {c.pk: c for c in comments if c.together_with_id is None}
    return [
        Row(
            entry=lead.pk,
            topic=comment.topic,
            section=comment.section,
            role=comment.role,
            received_on=comment.received_on,
            status=_status(lead, today),
            changed_on=changed_on(lead),
            due=_due(lead),
        )
        for comment in comments
        if (lead := leads.get(comment.together_with_id or comment.pk)) is not None
    ]


def _status(lead: Comment, today: date) -> str:
    if lead.action:
        if lead.action.is_long_overdue(today):
            return "long_overdue"
        return "late" if lead.action.is_late(today) else lead.action.status
    if lead.answer_due is None:
        return "answered"
    return "late" if lead.answer_due < today else "waiting"


def changed_on(lead: Comment) -> date:
    """The day on which families last saw something new in an entry."""
    days = [lead.published_on, lead.answered_on, lead.action.changed_on if lead.action else None]
    return max((day for day in days if day), default=lead.received_on)


def _due(lead: Comment) -> date:
    if lead.action:
        return lead.action.target_date if lead.action.is_open and lead.action.target_date else NEVER
    return lead.answer_due or NEVER


def _entries_with(words: str, authority: Site) -> set[int]:
    """Entries that hold every word, in the public text or in our answer."""
    searched = (
        "public_text", "heading", "response",
        "action__title", "action__response", "action__intended_action", "action__reason",
    )  # fmt: skip
    found = Comment.objects.of(authority).entries()
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(Q(*((f"{name}__icontains", word) for name in searched), _connector=Q.OR))
    return set(found.values_list("pk", flat=True))


def _matching(rows: Sequence[Row], chosen: dict[str, frozenset[str]], aside: str = "") -> list[Row]:
    """Rows that fit every filter but the one set aside: any of its values, of every filter."""
    kinds = [kind for kind in FACETS if kind.key in chosen and kind.key != aside]
    return [row for row in rows if all(kind.read(row) in chosen[kind.key] for kind in kinds)]


def _ordered(rows: Iterable[Row], sort: str) -> list[int]:
    """Ids of entries in the order asked for."""
    newest: dict[int, Row] = {}
    for row in rows:
        if row.entry not in newest or row.received_on > newest[row.entry].received_on:
            newest[row.entry] = row
    keys: dict[str, Callable[[Row], tuple[int, ...]]] = {
        "change": lambda r: (-r.changed_on.toordinal(), -r.received_on.toordinal()),
        "newest": lambda r: (-r.received_on.toordinal(),),
        "due": lambda r: (r.due.toordinal(), -r.changed_on.toordinal()),
    }
    return [row.entry for row in sorted(newest.values(), key=lambda r: (*keys[sort](r), -r.entry))]


def _in_order(ids: Sequence[int]) -> list[Comment]:
    comments = Comment.objects.filter(pk__in=ids).with_action().defer("original")
    found = {comment.pk: comment for comment in comments}
    return [found[pk] for pk in ids if pk in found]


# -- filters and figures -------------------------------------------------------------


def _facet(kind: FacetKind, rows: Sequence[Row], chosen: dict[str, frozenset[str]]) -> Facet:
    """True counts with this filter set aside; a choice that finds nothing stays, to be taken off."""
    counts = Counter(kind.read(row) for row in _matching(rows, chosen, aside=kind.key))
    mine = chosen.get(kind.key, frozenset())
    keys = {key for key in {*counts, *mine} if kind.words(key)}
    values = tuple(
        FacetValue(key, kind.words(key), counts[key], key in mine) for key in sorted(keys, key=kind.order)
    )
    chosen_count = sum(value.chosen for value in values)
    return Facet(kind.key, kind.label, values, chosen_count, bool(chosen_count) or kind.key in OPEN_FACETS)


def _chips(query: LogQuery) -> list[tuple[str, str]]:
    chips = [(f"“{query.words}”", query.without("q"))] if query.words else []
    for kind in FACETS:
        for key in sorted(query.chosen.get(kind.key, ()), key=kind.order):
            chips.append((kind.words(key), query.without(kind.key, key)))
    return chips


def _figures(authority: Site, received: int, since: date | None, today: date) -> list[tuple[str, int]]:
    actions = list(Action.objects.of(authority).only("status", "target_date", "first_target_date"))
    counts = Counter(action.status for action in actions)
    late = sum(action.is_late(today) for action in actions)
    started = f" since {since:%B %Y}" if since else ""
    figures = [
        (f"comments{started}", received),
        ("actions done", counts[ActionStatus.DONE]),
        ("under way or planned", counts[ActionStatus.UNDER_WAY] + counts[ActionStatus.PLANNED]),
        ("still deciding", counts[ActionStatus.CONSIDERING]),
        ("not doing, with a reason", counts[ActionStatus.NOT_DOING]),
    ]
    return [*figures, ("of all these, late", late)] if late else figures
