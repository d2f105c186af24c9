"""Everything that a yearly report counts, read from the log as it stands, as plain JSON.

`count` gives: `version`, `counted_on`, `received`, `shown`, `published`, `together`, `being_read`,
`not_shown` [{key, why, count}], `before` {received, shown} or None, `topics` [{words, count, before}],
`roles` and `channels` [{words, count or None where it is too small to show}], `answers`, `actions`,
`themes`, `entries`, `rounds`, `changes`, `coverage`, and what other modules add: `gaps`, `useful`.
Days are ISO dates. Nothing in it comes from an original or a contact.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from statistics import median
from typing import Any

from django.utils import timezone
from wagtail.models import Page, Site

from feedback import entries, tally
from feedback.annual_period import ReportPeriod, working_days
from feedback.enums import SHOWN, ActionStatus, Channel, Role, Topic
from feedback.models import Action, Comment, CommentSettings, ConsultationRound
from feedback.models.comment import CommentQuerySet
from feedback.small_numbers import suppress
from localoffer.coverage import Status, audit
from localoffer.regulations import Weight
from services.models import Service

VERSION = 1
MOST_CHANGES = 30


def count(authority: Site, period: ReportPeriod, today: date | None = None) -> dict[str, Any]:
    """What there is to report of a period, as of today."""
    today = today or timezone.localdate()
    comments = _received(authority, period)
    account = tally.of(comments)
    earlier = tally.of(_received(authority, period.before))
    return {
        "version": VERSION,
        "counted_on": today.isoformat(),
        "received": account.received,
        "shown": account.shown,
        "published": account.published,
        "together": account.together,
        "being_read": account.being_read,
        "not_shown": [asdict(reason) for reason in account.not_shown],
        "before": {"received": earlier.received, "shown": earlier.shown} if earlier.received else None,
        "topics": _topics(authority, period),
        "roles": _small(comments, "role", dict(Role.choices)),
        "channels": _small(comments, "channel", dict(Channel.choices)),
        "answers": _answers(authority, comments, today),
        "actions": _actions(authority, today),
        "themes": _themes(authority, period, today),
        "entries": _entries(authority, period, today),
        "rounds": _rounds(authority, period),
        "changes": _changes(authority, period),
        "coverage": _coverage(authority),
    }


def _received(authority: Site, period: ReportPeriod) -> CommentQuerySet:
    return tally.received_between(period.start, period.end, Comment.objects.of(authority))


def _by(comments: CommentQuerySet, field: str) -> Counter[str]:
    return Counter(comments.order_by().values_list(field, flat=True))


def _topics(authority: Site, period: ReportPeriod) -> list[dict[str, Any]]:
    """Every topic with its number, the most written about first, beside the period before."""
    now = _by(_received(authority, period), "topic")
    before = _by(_received(authority, period.before), "topic")
    rows = [
        {"key": key, "words": words, "count": now[key], "before": before[key]} for key, words in Topic.choices
    ]
    return sorted(rows, key=lambda row: -int(row["count"]))


def _small(comments: CommentQuerySet, field: str, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Numbers by who wrote or how, with those left out that may point at somebody."""
    counts = _by(comments, field)
    shown = suppress({key: counts[key] for key in labels})
    return [{"words": labels[key], "count": number} for key, number in shown.items() if number != 0]


def _answers(authority: Site, comments: CommentQuerySet, today: date) -> dict[str, Any]:
    """How long families waited: from the day a comment came to the first answer to it or its group."""
    rows = comments.filter(disposition__in=SHOWN).values_list(
        "received_on", "answered_on", "together_with__answered_on", "together_with"
    )
    waits, days, waiting = [], [], 0
    within = CommentSettings.for_site(authority).answer_days
    for received, own, of_lead, lead in rows:
        answered = of_lead if lead else own
        if answered is None or answered > today:
            waiting += 1
            continue
        waits.append(working_days(received, answered))
        days.append((answered - received).days)
    return {
        "answered": len(waits),
        "waiting": waiting,
        "median_working_days": median(waits) if waits else None,
        "within": sum(day <= within for day in days),
        "within_days": within,
    }


def _actions(authority: Site, today: date) -> dict[str, int]:
    """How far every action is that was agreed with families, whenever that was."""
    actions = list(Action.objects.of(authority))
    counts = Counter(action.status for action in actions)
    return {
        **{status: counts[status] for status in ActionStatus.values},
        "late": sum(action.is_late(today) for action in actions),
    }


def _themes(authority: Site, period: ReportPeriod, today: date) -> list[dict[str, Any]]:
    """What was said and what came of it: every action that answers a public comment and either somebody
    of the period or that was done in it. Those who are only counted add to `people`."""
    people = Counter(
        _received(authority, period).filter(disposition__in=SHOWN).values_list("action", flat=True)
    )
    public = Comment.objects.of(authority).entries()
    rows = [
        _theme(action, people[action.pk], today)
        for action in Action.objects.of(authority).filter(comments__in=public).distinct()
        if people[action.pk]
        or (action.status == ActionStatus.DONE and period.start <= action.done_on <= period.end)
    ]
    return sorted(rows, key=lambda row: -int(row["people"]))


def _theme(action: Action, people: int, today: date) -> dict[str, Any]:
    answer = entries.answer_of_action(action, today)
    return {
        "title": action.title,
        "people": people,
        "you_said": action.you_said,
        "state": action.status,
        **_answer(answer),
    }


def _answer(answer: entries.Answer) -> dict[str, Any]:
    return {
        "paragraphs": [[part.begins, part.text] for part in answer.paragraphs],
        "status": answer.status,
        "status_text": answer.status_text,
        "owner_role": answer.owner_role,
        "evidence_url": answer.evidence_url,
    }


def _entries(authority: Site, period: ReportPeriod, today: date) -> list[dict[str, Any]]:
    """Every entry of the log that somebody of the period speaks in, as it stands on the log."""
    shown = _received(authority, period).shown().values_list("pk", "together_with")
    leads = {lead or pk for pk, lead in shown}
    comments = Comment.objects.of(authority).entries().filter(pk__in=leads).select_related("action")
    ordered = list(comments.defer("original").order_by("received_on", "pk"))
    return [
        {
            "reference": card.reference,
            "url": card.url,
            "kicker": card.kicker,
            "title": card.title,
            "said": card.said,
            "people": card.people,
            **_answer(card.answer),
        }
        for card in entries.cards(ordered, today)
    ]


def _rounds(authority: Site, period: ReportPeriod) -> list[dict[str, Any]]:
    """Rounds of consultation that were open in the period and are public."""
    rounds = ConsultationRound.objects.of(authority).public().between(period.start, period.end)
    return [
        {
            "title": found.title,
            "kind": found.get_kind_display(),
            "opened": found.opened.isoformat(),
            "closed": found.closed.isoformat() if found.closed else "",
            "method": found.method,
            "summary": found.summary,
            "invited": sum(record.invited_on is not None for record in found.records.all()),
            "answered": sum(record.responded for record in found.records.all()),
        }
        for found in rounds.prefetch_related("records").order_by("opened", "pk")
    ]


def _changes(authority: Site, period: ReportPeriod) -> dict[str, Any]:
    """What changed in the offer: pages that are new or were published again, and new services."""
    pages = Page.objects.descendant_of(authority.root_page).live().public()
    pages = pages.filter(last_published_at__date__range=(period.start, period.end)).order_by("title")
    services = Service.objects.owned_by(authority).live()
    return {
        "pages": [
            {"title": page.title, "url": page.get_url(current_site=authority) or ""}
            for page in pages[:MOST_CHANGES]
        ],
        "page_count": pages.count(),
        "new_services": services.filter(first_published_at__date__range=(period.start, period.end)).count(),
        "checked_services": services.filter(last_checked__range=(period.start, period.end)).count(),
    }


def _coverage(authority: Site) -> dict[str, int]:
    """How the statutory questions stand on the day of counting."""
    counts = audit(authority).count(weight=Weight.STATUTORY)
    return {status.value: counts[status] for status in Status}


def rows(data: dict[str, Any]) -> Iterable[tuple[str, str, Any, Any]]:
    """(part, what is counted, number, number of the period before), for a spreadsheet."""
    before = data["before"] or {}
    yield "Comments", "Received", data["received"], before.get("received", "")
    yield "Comments", "Published or put together with others", data["shown"], before.get("shown", "")
    for reason in data["not_shown"]:
        yield "Comments", f"Not shown {reason['why']}", reason["count"], ""
    yield "Comments", "Still being read", data["being_read"], ""
    for topic in data["topics"]:
        yield "By topic", topic["words"], topic["count"], topic["before"]
    for part, key in (("Who wrote", "roles"), ("How they reached us", "channels")):
        for row in data[key]:
            yield part, row["words"], "too few to show" if row["count"] is None else row["count"], ""
    answers = data["answers"]
    yield "Answers", "Answered", answers["answered"], ""
    yield "Answers", f"Answered within {answers['within_days']} days", answers["within"], ""
    yield "Answers", "Middle wait in working days", answers["median_working_days"], ""
    yield "Answers", "Answer to come", answers["waiting"], ""
    for status in ActionStatus:
        yield "Actions", str(status.label), data["actions"][status], ""
    yield "Actions", "Late", data["actions"]["late"], ""
    for theme in data["themes"]:
        yield "People by theme", theme["title"], theme["people"], ""
    for status, number in data["coverage"].items():
        yield "Questions the law asks", status.replace("_", " ").capitalize(), number, ""
