"""What feedback gives to the evidence pack and to committees: only what the public may read, and counts."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from wagtail.models import Site

from feedback import consultation, exports, tally
from feedback.log import LogQuery
from feedback.models import Action, Comment, ConsultationRound
from localoffer.committee_reports import FigureGroup
from localoffer.evidence_pack import Part

Rows = Iterator[Sequence[Any]]


def parts(site: Site, start: date, end: date) -> list[Part]:
    """For the hook `register_evidence_parts`."""
    return [
        Part(
            "comments",
            "Comments and our answers",
            "Every entry of the public log: what was said, what we answered and what we will do.",
            tuple(name.capitalize() for name in exports.COLUMNS),
            lambda: exports.rows(site, LogQuery()),
            30,
        ),
        Part(
            "comments-counted",
            "Comments counted",
            "All comments received in the period, those not shown counted by reason.",
            ("What became of them", "Comments"),
            lambda: _counted(site, start, end),
            31,
        ),
        Part(
            "actions",
            "What we said we would do",
            "Each action from families' comments, its state and who answers for it.",
            ("Action", "You said", "State", "Who answers for it", "Due by", "Done on", "What shows it"),
            lambda: _actions(site),
            32,
        ),
        Part(
            "consultation",
            "Whom we asked",
            "Everybody whom the law names, when they were last asked, and how.",
            consultation.HEADINGS,
            lambda: consultation.table(consultation.asked(site, end)),
            41,
        ),
        Part(
            "consultation-rounds",
            "Rounds of asking",
            "Each round in the period: how we asked, what we heard and what changed.",
            ("Round", "Opened", "Closed", "How we asked", "What we heard", "What changed"),
            lambda: _rounds(site, start, end),
            42,
        ),
    ]


def _counted(site: Site, start: date, end: date) -> Rows:
    account = tally.of(tally.received_between(start, end, Comment.objects.of(site)))
    yield "Received", account.received
    yield "Shown in the log", account.shown
    for reason in account.not_shown:
        yield f"Not shown, {reason.why}", reason.count
    yield "Being read", account.being_read


def _actions(site: Site) -> Rows:
    for action in Action.objects.of(site).order_by("pk").iterator():
        yield (
            action.title,
            action.you_said,
            action.get_status_display(),
            action.owner_role,
            action.target_date,
            action.done_on,
            action.evidence_title or action.evidence_url,
        )


def _rounds(site: Site, start: date, end: date) -> Rows:
    for found in ConsultationRound.objects.of(site).public().between(start, end).order_by("opened"):
        yield found.title, found.opened, found.closed, found.method, found.summary, found.what_changed


def committee_figures(site: Site, start: date, end: date) -> list[FigureGroup]:
    """For the hook `register_committee_figures`: comments of the period, and actions as they are."""
    counted = tuple((words, str(number)) for words, number in _counted(site, start, end))
    open_actions = list(Action.objects.of(site).open())
    late = sum(action.is_late(end) for action in open_actions)
    actions = (("Under way or planned", str(len(open_actions))), ("Of those, late", str(late)))
    return [
        FigureGroup("Families' comments", ("What became of them", "Comments"), counted),
        FigureGroup("What we said we would do", ("State", "Actions"), actions),
    ]
