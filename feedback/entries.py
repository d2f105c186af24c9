"""Entries of the public log as families read them. Nothing here reads an original or a contact."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from feedback.about import PLACES
from feedback.enums import (
    SECTION_WORDS,
    ActionStatus,
    Consent,
    Disposition,
    EventKind,
    Role,
    Topic,
)
from feedback.models import Action, Comment, ModerationEvent

# Our status → the component's.
TAGS = {ActionStatus.CONSIDERING: "deciding"}
NUMBER_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
WORDS_OF_GROUP = {
    Role.PARENT_CARER: "families",
    Role.YOUNG_PERSON: "young people",
    Role.GROUP: "groups",
    Role.PROFESSIONAL: "people who work with families",
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A part of our answer. `begins` says what kind it is: "We did:"."""

    begins: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What we answer and intend: words, status, who is responsible, by when."""

    paragraphs: tuple[Paragraph, ...]
    status: str
    status_text: str
    owner_role: str = ""
    evidence_url: str = ""
    evidence_words: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of the timeline. `when` is a month for what families did, a day for what we did."""

    icon: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """One entry. `people` counts everybody who said it."""

    reference: str
    url: str
    kicker: str
    title: str
    said: str
    edited: str
    people: int
    months: str
    answer: Answer
    about_title: str
    about_url: str
    moments: tuple[Moment, ...]


def cards(comments: Sequence[Comment], today: date | None = None) -> list[Card]:
    """Cards of comments that came with their action, in two queries however many."""
    today = today or timezone.localdate()
    members = _members(comments)
    steps = _steps(comments)
    return [
        Card(
            reference=comment.reference,
            url=comment.get_absolute_url(),
            kicker=kicker(comment, members[comment.pk]),
            title=comment.public_heading,
            said=comment.public_text,
            edited=edited(comment, len(members[comment.pk])),
            people=len(members[comment.pk]),
            months=months(m.received_on for m in members[comment.pk]),
            answer=answer_of(comment, today),
            about_title=comment.about_title,
            about_url=comment.about_url if _is_still_there(comment) else "",
            moments=tuple(_moments(members[comment.pk], steps.get(comment.action_id, []))),
        )
        for comment in comments
    ]


@dataclass(frozen=True, slots=True)
class Member:
    """Who said it and when: all that is told of somebody in a group."""

    role: str
    received_on: date


def _members(comments: Sequence[Comment]) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = {c.pk: [Member(c.role, c.received_on)] for c in comments}
    others = Comment.objects.shown().filter(together_with__in=list(found))
    for lead, role, received in others.values_list("together_with", "role", "received_on"):
        found[lead].append(Member(role, received))
    return found


def _steps(comments: Sequence[Comment]) -> dict[int, list[ModerationEvent]]:
    """What was done about each action, oldest first."""
    ids = {c.action_id for c in comments if c.action_id}
    kinds = (EventKind.ACTION_AGREED, EventKind.ACTION_CHANGED)
    found: dict[int, list[ModerationEvent]] = defaultdict(list)
    for event in ModerationEvent.objects.filter(Q(action__in=ids), kind__in=kinds).order_by("at", "pk"):
        found[event.action_id].append(event)
    return found


def _is_still_there(comment: Comment) -> bool:
    """Whether what it was about can still be linked to."""
    return bool(comment.about_page_id or comment.about_service_id) or comment.about_title in PLACES.values()


# -- words -----------------------------------------------------------------------


def month(day: date) -> str:
    return f"{day:%B %Y}"


def months(days: Iterable[date]) -> str:
    """ "March 2026", "July to September 2025" or "December 2025 to March 2026"."""
    first, last = min(days := list(days)), max(days)
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    start = f"{first:%B}" if first.year == last.year else month(first)
    return f"{start} to {month(last)}"


def long_date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def kicker(comment: Comment, members: Sequence[Member]) -> str:
    """ "Getting there · 4 people, July to September 2025"."""
    place = SECTION_WORDS.get(comment.section) or Topic(comment.topic).label
    if len(members) == 1:
        who = Role(members[0].role).label
    else:
        roles = {m.role for m in members}
        noun = WORDS_OF_GROUP.get(roles.pop(), "people") if len(roles) == 1 else "people"
        who = f"{len(members)} {noun}"
    return f"{place} · {who}, {months(m.received_on for m in members)}"


def answer_of(comment: Comment, today: date | None = None) -> Answer:
    """Our answer to one comment: its own words first, then those of the action."""
    today = today or timezone.localdate()
    own = (Paragraph("Our answer:", comment.response),) if comment.response else ()
    if comment.action is None:
        return Answer(own, *_status_without_action(comment, today))
    return answer_of_action(comment.action, today, own)


def answer_of_action(action: Action, today: date, own: tuple[Paragraph, ...] = ()) -> Answer:
    """What we answer and intend to many; `own` is what was said to one of them first."""
    status = "late" if action.is_late(today) else TAGS.get(action.status, action.status)
    return Answer(
        (*own, *_paragraphs(action)),
        status,
        status_text(action, today),
        owner_role=action.owner_role,
        evidence_url=action.evidence_url,
        evidence_words=_evidence_words(action),
    )


def edited(comment: Comment, people: int = 1) -> str:
    """Says that the words are not just as they came, and why; empty where they are."""
    if not comment.was_edited:
        return ""
    if people > 1 or comment.disposition == Disposition.GROUPED:
        return "This is what several people told us, in our words."
    if comment.consent == Consent.SUMMARY:
        return "This is a short version in our words, as the writer asked."
    if comment.language != "en":
        return "We translated this, and changed what could show who it is about."
    return "We changed some words, so that no one can tell who it is about."


def _evidence_words(action: Action) -> str:
    """ "See what changed: Getting there, as it was on 31 March 2026"."""
    if not action.evidence_url:
        return ""
    words = f"See what changed: {action.evidence_title or action.title}"
    revision = action.evidence_revision
    return f"{words}, changed {long_date(timezone.localdate(revision.created_at))}" if revision else words


def _paragraphs(action: Action) -> Iterable[Paragraph]:
    if action.status == ActionStatus.NOT_DOING:
        yield Paragraph(action.begins, action.reason)
        yield Paragraph("", action.response)
    else:
        yield Paragraph(action.begins, action.response)
        if action.reason:
            yield Paragraph("", action.reason)
    if action.intended_action:
        yield Paragraph("What happens next:", action.intended_action)


def _status_without_action(comment: Comment, today: date) -> tuple[str, str]:
    if comment.response:
        when = f", {month(comment.answered_on)}" if comment.answered_on else ""
        return "done", f"Answered{when}"
    due = comment.answer_due
    if due is None:
        return "deciding", "We have not answered yet"
    if due < today:
        return "late", f"Late: our answer was due {long_date(due)}"
    return "planned", f"We will answer by {long_date(due)}"


def status_text(action: Action, today: date | None = None) -> str:
    """The status with its date, "Late: was due 30 October 2026, now 18 December 2026"."""
    today = today or timezone.localdate()
    due = action.target_date
    if action.is_late(today) and due:
        first = min(action.first_target_date or due, due)
        moved = f", now {long_date(due)}" if due >= today else ""
        word = "Long overdue" if action.is_long_overdue(today) else "Late"
        return f"{word}: was due {long_date(first)}{moved}"
    word = str(ActionStatus(action.status).label)
    if action.status == ActionStatus.DONE and action.done_on:
        return f"{word}, {long_date(action.done_on)}"
    if action.status == ActionStatus.NOT_DOING or due is None:
        return word
    by = "we will decide by" if action.status == ActionStatus.CONSIDERING else "due"
    return f"{word}, {by} {long_date(due)}"


def _moments(members: Sequence[Member], events: Sequence[ModerationEvent]) -> Iterable[Moment]:
    """What happened, oldest first: months for families' part, days for ours."""
    dated: list[tuple[date, int, Moment]] = []
    first = min(m.received_on for m in members)
    text = "First comment received" if len(members) > 1 else "Comment received"
    dated.append((first.replace(day=1), 0, Moment("advice", month(first), text)))
    if len(members) > 1:
        last = max(m.received_on for m in members)
        more = len(members) - 1
        number = NUMBER_WORDS[more] if more < len(NUMBER_WORDS) else str(more)
        said = "person" if more == 1 else "people"
        text = f"{number} more {said} said the same. We put them together."
        dated.append((last.replace(day=1), 1, Moment("people", month(last), text)))
    for event in events:
        day = timezone.localdate(event.at)
        moment = _moment_of(event, long_date(day))
        if moment:
            dated.append((day, 2, moment))
    return [moment for _, _, moment in sorted(dated, key=lambda row: row[:2])]


def _moment_of(event: ModerationEvent, when: str) -> Moment | None:
    details = event.details
    status = details.get("status", "")
    due = _date(details.get("due", ""))
    if event.kind == EventKind.ACTION_AGREED:
        promise = f" Due {long_date(due)}." if due and status in ("planned", "under_way") else ""
        return Moment("calendar", when, f"We agreed what to do.{promise}")
    if status == details.get("before"):
        return None
    looks = {
        "done": ("check", "Done."),
        "under_way": ("half", "We started."),
        "planned": ("ring", "We planned it."),
        "considering": ("dots", "We went back to think about it."),
        "not_doing": ("no", "We decided not to do it. The reason is above."),
    }
    icon, words = looks.get(status, ("ring", ""))
    return Moment(icon, when, words) if words else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
