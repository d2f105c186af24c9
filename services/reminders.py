"""Asking for checks: 30 and 7 days before, on the day, then the officer, then by policy.

Each step is kept before it is taken and after, under a constraint that lets it be taken once. A run
that stops half-way leaves its mail in hand as "being sent": nobody can know whether it went, so the
next run never sends it again by itself but says so to a person, and the following step comes anyway.
Everything else that was not sent yet is sent by the next run.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from wagtail.models import Site

from localoffer.batches import batched
from localoffer.models import CouncilSettings
from services import review_mail
from services.assurance import HIDDEN, retire
from services.correspondents import officer_address, provider_address, with_correspondents
from services.enums import OverduePolicy, ReminderKind, ReminderState
from services.models import Reminder, ReviewSettings, Service, Suggestion
from services.models.service import ServiceQuerySet
from services.review_links import address_of, make_link

# Days before the check is due: (step, from, to). The step of the last day takes in what is late.
STEPS = (
    (ReminderKind.FIRST, 30, 8),
    (ReminderKind.SECOND, 7, 1),
    (ReminderKind.LAST, 0, None),
)
SETTLED = (ReminderState.SENT, ReminderState.SENDING, ReminderState.UNSURE)
MOST_TRIES = 5
MOST_A_MAIL = 25
MOST_MAILS = 500
# A mail server that refuses so many in a row is not asked again in this run.
MOST_FAILURES = 5
# Between the provider's last letter and the officer's, and between the officer's and the policy.
FAIR_DAYS = 7


@dataclass(frozen=True, slots=True)
class Step:
    """One entry and the step that is due for it."""

    service_id: int
    due: date
    kind: ReminderKind


class _ByAddress:
    """Steps by the address they go to, as it was first written: one letter for one reader."""

    def __init__(self) -> None:
        self._steps: dict[str, tuple[str, list[Step]]] = {}

    def add(self, to: str, step: Step) -> None:
        self._steps.setdefault(to.casefold(), (to, []))[1].append(step)

    def __iter__(self) -> Iterator[tuple[str, list[Step]]]:
        return iter(self._steps.values())


@dataclass(slots=True)
class Run:
    """What one run did, in numbers. In a dry run, what it would do."""

    authority: Site
    today: date
    dry: bool = False
    limit: int = MOST_MAILS
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    mails: int = 0
    asked: int = 0
    officer_mails: int = 0
    told: int = 0
    nowhere: int = 0
    flagged: int = 0
    hidden: int = 0
    failed: int = 0
    unsure: int = 0
    left: int = 0
    failures_in_a_row: int = 0

    @property
    def may_send(self) -> bool:
        return self.mails + self.officer_mails < self.limit and self.failures_in_a_row < MOST_FAILURES

    def count(self, state: str) -> bool:
        """Note how a mail went; whether it went."""
        self.failed += state == ReminderState.FAILED
        self.unsure += state == ReminderState.UNSURE
        self.failures_in_a_row = self.failures_in_a_row + 1 if state == ReminderState.FAILED else 0
        return state == ReminderState.SENT


def send_reminders(
    *, authority: Site, today: date | None = None, dry_run: bool = False, limit: int = MOST_MAILS
) -> Run:
    """Take every step that is due for one authority's live entries, at most `limit` mails.

    Safe to repeat. Its command lets one run at a time. A dry run writes and sends nothing.
    """
    run = Run(authority, today or timezone.localdate(), dry=dry_run, limit=limit)
    settings = ReviewSettings.for_site(authority)
    if not dry_run:
        run.unsure += _give_up_what_was_in_hand(authority)
    _ask_providers(run, settings)
    _tell_officers(run, settings)
    _act_on_overdue(run, settings)
    return run


def send_unsure_again(authority: Site) -> int:
    """Let the next run send what nobody knows the fate of: a person decided to risk a second copy."""
    rows = Reminder.objects.filter(service__authority=authority, state=ReminderState.UNSURE)
    return rows.update(state=ReminderState.PENDING, run=None)


def _give_up_what_was_in_hand(authority: Site) -> int:
    """No other run is at work, so what is "being sent" was in hand when a run stopped."""
    rows = Reminder.objects.filter(service__authority=authority, state=ReminderState.SENDING)
    return rows.update(state=ReminderState.UNSURE, note="The run stopped")


# -- the provider ------------------------------------------------------------------


def _due(run: Run, kind: ReminderKind) -> ServiceQuerySet:
    """Live entries that have not had this step for the check that is due now."""
    taken = Reminder.objects.filter(service=OuterRef("pk"), due=OuterRef("review_by"), kind=kind).filter(
        Q(state__in=SETTLED) | Q(tries__gte=MOST_TRIES)
    )
    return Service.objects.live().owned_by(run.authority).filter(~Exists(taken), review_by__isnull=False)


def _unanswered() -> Exists:
    """Nothing waits from the provider: one who has written to us is not asked again."""
    return ~Exists(Suggestion.objects.waiting().filter(service=OuterRef("pk")))


def _ask_providers(run: Run, settings: ReviewSettings) -> None:
    by_address = _ByAddress()
    for kind, earliest, latest in STEPS:
        due = _due(run, kind).filter(_unanswered(), review_by__lte=run.today + timedelta(days=earliest))
        if latest is not None:
            due = due.filter(review_by__gte=run.today + timedelta(days=latest))
        for service in with_correspondents(due.order_by("review_by", "pk")).iterator(chunk_size=500):
            to = provider_address(service, settings)
            if to:
                by_address.add(to, Step(service.pk, service.review_by, kind))
            else:
                run.nowhere += 1
    for to, steps in by_address:
        for some in batched(steps, MOST_A_MAIL):
            if run.may_send:
                _ask(run, to, some)
            else:
                run.left += len(some)


def _ask(run: Run, to: str, steps: Sequence[Step]) -> None:
    if run.dry:
        run.mails, run.asked = run.mails + 1, run.asked + len(steps)
        return
    with transaction.atomic():
        claimed = _claim(run, steps)
        services = with_correspondents(Service.objects.filter(pk__in=[r.service_id for r in claimed]))
        entries = [
            (service, address_of(make_link(service))) for service in services.order_by("review_by", "name")
        ]
    if not entries:
        return
    state, note = review_mail.ask_provider(to=to, entries=entries, today=run.today, site=run.authority)
    _settle(claimed, state, note)
    if run.count(state):
        run.mails, run.asked = run.mails + 1, run.asked + len(entries)


# -- the officer -------------------------------------------------------------------


def _tell_officers(run: Run, settings: ReviewSettings) -> None:
    """A late entry whose provider was asked in vain, or cannot be asked."""
    asked = Reminder.objects.filter(
        service=OuterRef("pk"), due=OuterRef("review_by"), kind=ReminderKind.LAST
    ).values("created_at")[:1]
    late = _due(run, ReminderKind.OFFICER).filter(review_by__lt=run.today).annotate(asked_at=Subquery(asked))
    council = CouncilSettings.for_site(run.authority)
    patience = min(FAIR_DAYS, settings.officer_after_days)
    by_address = _ByAddress()
    for service in with_correspondents(late.order_by("review_by", "pk")).iterator(chunk_size=500):
        days_late = (run.today - service.review_by).days
        if provider_address(service, settings):
            waited = service.asked_at and (run.today - timezone.localdate(service.asked_at)).days >= patience
            if not waited or days_late < settings.officer_after_days:
                continue
        to = officer_address(service, settings, council)
        if to:
            by_address.add(to, Step(service.pk, service.review_by, ReminderKind.OFFICER))
    for to, steps in by_address:
        if run.may_send:
            _tell(run, to, steps)
        else:
            run.left += len(steps)


def _tell(run: Run, to: str, steps: Sequence[Step]) -> None:
    """One mail for all of them: it lists the latest and links to the rest."""
    if run.dry:
        run.officer_mails, run.told = run.officer_mails + 1, run.told + len(steps)
        return
    claimed: list[Reminder] = []
    for some in batched(steps, 200):
        with transaction.atomic():
            claimed += _claim(run, some)
    if not claimed:
        return
    shown = Service.objects.filter(pk__in=[r.service_id for r in claimed[:MOST_A_MAIL]])
    state, note = review_mail.tell_officer(
        to=to,
        entries=list(shown.order_by("review_by", "name")),
        total=len(claimed),
        unsure=unsure_count(run.authority),
        suggestions=Suggestion.objects.waiting().of(run.authority).count(),
        site=run.authority,
    )
    _settle(claimed, state, note)
    if run.count(state):
        run.officer_mails, run.told = run.officer_mails + 1, run.told + len(claimed)


def unsure_count(authority: Site) -> int:
    """Emails to providers that may not have gone, of entries still waiting for that check."""
    rows = Reminder.objects.filter(
        service__authority=authority, state=ReminderState.UNSURE, service__review_by=F("due")
    )
    return rows.exclude(kind=ReminderKind.OFFICER).count()


# -- the policy --------------------------------------------------------------------


def _act_on_overdue(run: Run, settings: ReviewSettings) -> None:
    """Flag or hide what is late beyond patience, a fair time after the officer was told."""
    fair = run.today - timedelta(days=FAIR_DAYS)
    told = Reminder.objects.filter(
        service=OuterRef("pk"),
        due=OuterRef("review_by"),
        kind=ReminderKind.OFFICER,
        state=ReminderState.SENT,
        sent_at__date__lte=fair,
    )
    late = _due(run, ReminderKind.OVERDUE).filter(
        Exists(told), _unanswered(), review_by__lte=run.today - timedelta(days=settings.act_after_days)
    )
    hides = settings.when_overdue == OverduePolicy.HIDE
    for pk, due in late.order_by("review_by", "pk").values_list("pk", "review_by")[: run.limit]:
        if not run.dry and not _act(run, Step(pk, due, ReminderKind.OVERDUE), hides=hides):
            continue
        run.hidden += hides
        run.flagged += not hides


@transaction.atomic
def _act(run: Run, step: Step, *, hides: bool) -> bool:
    """The step and its record are one transaction: no mail is in it."""
    claimed = _claim(run, [step])
    if not claimed:
        return False
    if hides:
        retire(
            service=claimed[0].service,
            by_role="the review policy",
            reason=f"It was due for a check on {step.due:%d %B %Y}.",
        )
    _settle(claimed, ReminderState.SENT, HIDDEN if hides else "Flagged")
    return True


# -- what is kept ------------------------------------------------------------------


def _claim(run: Run, steps: Sequence[Step]) -> list[Reminder]:
    """Take these steps in hand, those that nobody else has; entries checked meanwhile are left."""
    ids = [step.service_id for step in steps]
    current = dict(Service.objects.live().filter(pk__in=ids).values_list("pk", "review_by"))
    steps = [step for step in steps if current.get(step.service_id) == step.due]
    if not steps:
        return []
    Reminder.objects.bulk_create(
        [Reminder(service_id=s.service_id, due=s.due, kind=s.kind) for s in steps], ignore_conflicts=True
    )
    same = Q()
    for step in steps:
        same |= Q(service=step.service_id, due=step.due, kind=step.kind)
    free = Reminder.objects.filter(same, state__in=(ReminderState.PENDING, ReminderState.FAILED))
    free.update(state=ReminderState.SENDING, run=run.id, tries=F("tries") + 1)
    mine = Reminder.objects.filter(same, run=run.id, state=ReminderState.SENDING)
    return list(mine.select_related("service").order_by("due", "pk"))


def _settle(claimed: Iterable[Reminder], state: str, note: str) -> None:
    sent = timezone.now() if state == ReminderState.SENT else None
    rows = Reminder.objects.filter(pk__in=[reminder.pk for reminder in claimed])
    rows.update(state=state, note=note[:80], sent_at=sent)
