"""What may be done with a comment: keyword-only, atomic, permission-checked, every step logged.

Regulation 56 of the SEND Regulations 2014: comments are published with the response and the
intended action, nobody identifiable, and only two kinds may be left out. Each function takes the
`version` its caller has read and raises `ChangedMeanwhile` where somebody was quicker: nothing is
overwritten. Each returns the comment as it is afterwards.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Site

from feedback import gate, letters, urgency
from feedback.about import About
from feedback.enums import (
    SHOWN,
    WITHHELD_BY_ONE,
    Channel,
    Consent,
    Disposition,
    EventKind,
)
from feedback.gate import Refused
from feedback.letters import Letter
from feedback.models import Action, Comment, CommentContact, CommentSettings
from feedback.record import MODERATE, Person, claim, log_step, require_moderator
from localoffer.belonging import authorities_of

# -- receiving -------------------------------------------------------------------


@transaction.atomic
def receive(
    *,
    authority: Site,
    text: str,
    role: str,
    topic: str,
    consent: str,
    section: str = "",
    language: str = "en",
    channel: str = Channel.WEB,
    about: About | None = None,
    email: str = "",
    phone: str = "",
    submission_key: str | None = None,
    received_on: date | None = None,
    hasty: bool = False,
    by: Person | None = None,
    at: datetime | None = None,
) -> Comment:
    """Keep a comment. The same `submission_key` again gives the comment that is there already.

    `hasty`: it was sent faster than a person writes. It is kept, and the sign is on the record.
    Staff who enter a comment from the phone, a letter or an event are `by`; families have none.
    """
    if by is not None:
        require_moderator(by, authority)
    if submission_key and (kept := Comment.objects.filter(submission_key=submission_key).first()):
        return kept
    comment = Comment(
        authority=authority,
        original=text,
        role=role,
        topic=topic,
        consent=consent,
        section=section or (about.section if about else ""),
        language=language,
        channel=channel,
        submission_key=submission_key,
        received_on=received_on or timezone.localdate(),
        urgent=urgency.tells_of_danger(text),
    )
    if about:
        comment.about_page_id, comment.about_service_id = about.page_id, about.service_id
        comment.about_url, comment.about_title = about.url, about.title
    try:
        with transaction.atomic():
            comment.save(force_insert=True)
    except IntegrityError:
        return Comment.objects.get(submission_key=submission_key)
    if email or phone:
        CommentContact.objects.create(comment=comment, email=email, phone=phone)
    log_step(comment, EventKind.RECEIVED, by, at=at, channel=channel, hasty=hasty)
    if comment.urgent and at is None:
        letters.tell_named_staff(comment)
    return comment


@transaction.atomic
def assign(*, comment: Comment, by: Person, version: int, to: Person | None) -> Comment:
    """Give a comment to a moderator to look after, or to nobody."""
    comment = claim(comment, by, version)
    may = to is None or (to.has_perm(MODERATE) and comment.authority in authorities_of(to, MODERATE))
    if not may:
        raise Refused("Choose somebody who may moderate comments.", "assigned_to")
    comment.assigned_to = to
    comment.save()
    log_step(comment, EventKind.ASSIGNED, by, to=to.get_username() if to else "nobody")
    return comment


# -- public text and answer --------------------------------------------------------


@transaction.atomic
def classify(
    *, comment: Comment, by: Person, version: int, topic: str, section: str, language: str
) -> Comment:
    """Put right what a comment is about and its language; what the writer chose is in the record."""
    comment = claim(comment, by, version)
    before = f"{comment.topic}, {comment.section or 'no section'}, {comment.language}"
    comment.topic, comment.section, comment.language = topic, section, language
    comment.save()
    log_step(comment, EventKind.CLASSIFIED, by, before=before, after=f"{topic}, {section}, {language}")
    return comment


@transaction.atomic
def redact(
    *, comment: Comment, by: Person, version: int, public_text: str, heading: str = "", note: str = ""
) -> Comment:
    """Keep a public text that is not public yet. `note` says what was taken out, naming nobody."""
    comment = claim(comment, by, version)
    if comment.disposition in SHOWN:
        raise Refused("This is public already. Publish it again with your change.")
    gate.check_change_explained(comment, public_text.strip(), note)
    comment.public_text, comment.heading = public_text.strip(), heading.strip()
    comment.gate_confirmed = False
    comment.save()
    log_step(comment, EventKind.REDACTED, by, note=note)
    return comment


@transaction.atomic
def publish(
    *,
    comment: Comment,
    by: Person,
    version: int,
    public_text: str,
    nobody_identifiable: bool,
    heading: str = "",
    response: str = "",
    action: Action | None = None,
    answer_due: date | None = None,
    for_several: bool = False,
    note: str = "",
    at: datetime | None = None,
) -> Comment:
    """Show a comment, with its answer or with the date by which there will be one.

    `for_several` says that the public text speaks for more than one writer. Raises `Refused` where
    the text is empty, names the writer's contact, goes beyond what the writer allowed, or where
    nobody has confirmed that no one can be identified.
    """
    comment = claim(comment, by, version)
    public_text, heading, response = public_text.strip(), heading.strip(), response.strip()
    gate.check_publishable(comment, public_text, nobody_identifiable)
    gate.check_change_explained(comment, public_text, note)
    gate.check_names_no_contact(comment, public_text=public_text, heading=heading, response=response)
    gate.check_action(comment, action)
    when = at or timezone.now()
    before = comment.disposition
    comment.public_text, comment.heading, comment.response = public_text, heading, response
    comment.action, comment.was_edited = action, not gate.is_same_text(public_text, comment.original)
    comment.answer_due = None if response or action else answer_due or default_due(comment.authority, when)
    comment.disposition = Disposition.GROUPED if for_several else Disposition.PUBLISHED
    comment.withheld_reason, comment.proposed_by = "", None
    _pass_gate(comment, by, when)
    comment.published_on = comment.published_on or timezone.localdate(when)
    _note_answer(comment, when)
    comment.save()
    log_step(comment, EventKind.PUBLISHED, by, note=note, at=at, before=before, after=comment.disposition)
    _write_of_answer(comment, at)
    return comment


@transaction.atomic
def answer(
    *,
    comment: Comment,
    by: Person,
    version: int,
    nobody_identifiable: bool,
    response: str = "",
    action: Action | None = None,
    at: datetime | None = None,
) -> Comment:
    """Answer a comment that is public already; the answer names nobody either."""
    comment = claim(comment, by, version)
    response = response.strip()
    if not comment.is_entry:
        raise Refused("Publish the comment first, or answer the comment it is together with.")
    if not (response or action):
        raise Refused("Write an answer or choose an action.", "response")
    if not nobody_identifiable:
        raise Refused("Confirm that nobody can be identified.", "nobody_identifiable")
    gate.check_names_no_contact(comment, response=response)
    gate.check_action(comment, action)
    when = at or timezone.now()
    comment.response, comment.action, comment.answer_due = response, action, None
    _pass_gate(comment, by, when)
    _note_answer(comment, when)
    comment.save()
    log_step(comment, EventKind.ANSWERED, by, at=at, action=action)
    for written_to in (comment, *comment.others.all()):
        _write_of_answer(written_to, at)
    return comment


@transaction.atomic
def group(
    *, comment: Comment, by: Person, version: int, lead: Comment, note: str = "", at: datetime | None = None
) -> Comment:
    """Put a comment together with one that is public and speaks for both; both are counted."""
    comment = claim(comment, by, version)
    lead = Comment.objects.select_for_update().get(pk=lead.pk)
    if lead.pk == comment.pk or lead.authority_id != comment.authority_id or not lead.is_entry:
        raise Refused("Choose a comment that is on the public log.", "lead")
    if comment.others.exists():
        raise Refused("Other comments are together with this one. Open them again first.", "lead")
    if comment.consent == Consent.COUNT_ONLY:
        raise Refused("The writer asked us not to show it. Count it instead.", "lead")
    if comment.safeguarding:
        raise Refused("A comment that tells of harm is never published.")
    before = comment.disposition
    comment.disposition, comment.together_with = Disposition.GROUPED, lead
    comment.public_text = comment.heading = comment.response = comment.withheld_reason = ""
    comment.was_edited = False
    comment.action, comment.answer_due, comment.proposed_by = lead.action, None, None
    comment.published_on = comment.published_on or timezone.localdate(at or timezone.now())
    comment.save()
    if lead.disposition != Disposition.GROUPED:
        lead.disposition, lead.version = Disposition.GROUPED, lead.version + 1
        lead.save()
    log_step(comment, EventKind.GROUPED, by, note=note, at=at, before=before, lead=lead.reference)
    if lead.answer_due is None:
        _write_of_answer(comment, at)
    return comment


@transaction.atomic
def count(
    *,
    comment: Comment,
    by: Person,
    version: int,
    action: Action | None = None,
    response: str = "",
    at: datetime | None = None,
) -> Comment:
    """Count a comment whose writer asked us not to show it, with the action that answers it."""
    comment = claim(comment, by, version)
    gate.check_no_others(comment)
    if comment.consent != Consent.COUNT_ONLY:
        raise Refused("The writer lets us publish this. Publish it, or withhold it with a lawful reason.")
    if comment.safeguarding:
        raise Refused("A comment that tells of harm is never published.")
    if not (response.strip() or action):
        raise Refused("Write an answer or choose an action.", "action")
    gate.check_action(comment, action)
    before = comment.disposition
    comment.disposition, comment.public_text, comment.heading = Disposition.GROUPED, "", ""
    comment.response, comment.action, comment.answer_due = response.strip(), action, None
    comment.withheld_reason, comment.proposed_by = "", None
    _note_answer(comment, at or timezone.now())
    comment.save()
    log_step(comment, EventKind.COUNTED, by, at=at, before=before, action=action)
    _write_of_answer(comment, at)
    return comment


# -- withholding -------------------------------------------------------------------


@transaction.atomic
def withhold(
    *, comment: Comment, by: Person, version: int, ground: str, reason: str, at: datetime | None = None
) -> Comment:
    """Leave a comment out on a lawful ground, with a reason that is counted but not shown.

    Vexatious is only proposed here: `confirm_withholding` by somebody else does it.
    """
    comment = claim(comment, by, version)
    reason = reason.strip()
    gate.check_no_others(comment)
    if ground != Disposition.SPAM and gate.NO_REASON.match(reason):
        raise Refused("Give a reason. That a comment is negative is not one.", "reason")
    before = comment.disposition
    if ground == Disposition.WITHHELD_VEXATIOUS:
        if comment.disposition == Disposition.PROPOSED_VEXATIOUS:
            raise Refused("This is proposed already. A second person decides.")
        comment.disposition, comment.proposed_by = Disposition.PROPOSED_VEXATIOUS, by
        kind = EventKind.PROPOSED
    elif ground in WITHHELD_BY_ONE:
        comment.disposition, comment.proposed_by = Disposition(ground), None
        kind = EventKind.WITHHELD
    else:
        raise Refused("Choose a lawful ground.", "ground")
    _take_down(comment)
    comment.withheld_reason = reason
    comment.save()
    log_step(comment, kind, by, note=reason, at=at, before=before, after=comment.disposition)
    if ground == Disposition.WITHHELD_INDIVIDUAL and at is None:
        letters.write_to_writer(comment, Letter.INDIVIDUAL)
    return comment


@transaction.atomic
def confirm_withholding(
    *,
    comment: Comment,
    by: Person,
    version: int,
    agrees: bool,
    reason: str = "",
    at: datetime | None = None,
) -> Comment:
    """The second person agrees that a comment is vexatious, or sends it back to be read."""
    comment = claim(comment, by, version)
    if comment.disposition != Disposition.PROPOSED_VEXATIOUS:
        raise Refused("Nobody has proposed to withhold this.")
    if agrees and comment.proposed_by_id in (None, by.pk):
        raise Refused("A second person must agree. You proposed it, or the person who did has left.")
    if not agrees and not reason.strip():
        raise Refused("Say why you do not agree.", "reason")
    if agrees:
        comment.disposition = Disposition.WITHHELD_VEXATIOUS
    else:
        comment.disposition, comment.withheld_reason, comment.proposed_by = Disposition.NEW, "", None
    comment.save()
    log_step(comment, EventKind.WITHHELD if agrees else EventKind.REFUSED, by, note=reason, at=at)
    return comment


@transaction.atomic
def reopen(*, comment: Comment, by: Person, version: int, reason: str) -> Comment:
    """Take a comment back to be read again, off the log if it was on it."""
    comment = claim(comment, by, version)
    gate.check_no_others(comment)
    if not reason.strip():
        raise Refused("Say why it is opened again.", "reason")
    before = comment.disposition
    _take_down(comment)
    comment.disposition, comment.withheld_reason, comment.proposed_by = Disposition.NEW, "", None
    comment.save()
    log_step(comment, EventKind.REOPENED, by, note=reason, before=before)
    return comment


@transaction.atomic
def flag_safeguarding(
    *,
    comment: Comment,
    by: Person,
    version: int,
    on: bool,
    reason: str = "",
    at: datetime | None = None,
) -> Comment:
    """Say that a comment tells of harm. It comes off the log and can never be put on it."""
    comment = claim(comment, by, version)
    gate.check_no_others(comment)
    if not on and not reason.strip():
        raise Refused("Say why this is not about harm.", "reason")
    if on and comment.disposition in SHOWN:
        _take_down(comment)
        comment.disposition = Disposition.NEW
    comment.safeguarding = on
    comment.save()
    log_step(comment, EventKind.FLAGGED if on else EventKind.UNFLAGGED, by, note=reason, at=at)
    if on and at is None:
        letters.tell_named_staff(comment, by)
    return comment


# -- what every step shares ----------------------------------------------------------


def default_due(authority: Site, when: datetime) -> date:
    """The date by which families can expect an answer that is not written yet."""
    return timezone.localdate(when) + timedelta(days=CommentSettings.for_site(authority).answer_days)


def _write_of_answer(comment: Comment, at: datetime | None) -> None:
    """Tell a writer who asked to hear that there is an answer now."""
    if at is None and comment.answer_due is None:
        letters.write_to_writer(comment, Letter.ANSWERED)


def _pass_gate(comment: Comment, by: Person, when: datetime) -> None:
    comment.gate_confirmed, comment.gate_confirmed_by, comment.gate_confirmed_at = True, by, when
    comment.together_with = None


def _take_down(comment: Comment) -> None:
    comment.gate_confirmed, comment.gate_confirmed_by, comment.gate_confirmed_at = False, None, None
    comment.together_with, comment.published_on = None, None


def _note_answer(comment: Comment, when: datetime) -> None:
    if (comment.response or comment.action_id) and not comment.answered_on:
        comment.answered_on = timezone.localdate(when)
