"""Mail that a step of moderation sends: to named staff, and to a writer who said how to reach them.

No mail holds a word of a comment. Each is sent after the step is safely kept, and the record says
whether it went. A step of the past (one that is given a time) writes to nobody.
"""

import logging
from enum import StrEnum
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from feedback.enums import EventKind
from feedback.models import Action, Comment, CommentSettings, ModerationEvent, contact_of
from feedback.record import Person, log_step
from localoffer.models import CouncilSettings

logger = logging.getLogger(__name__)
UNSENT = "The mail could not be sent."


class Letter(StrEnum):
    """What we write to a writer about; also the name of the text in templates/feedback/mail/."""

    ANSWERED = "answered"
    INDIVIDUAL = "individual"
    FOLLOW_UP = "follow_up"


SUBJECTS = {
    Letter.ANSWERED: "We have answered your comment {reference}",
    Letter.INDIVIDUAL: "About your comment {reference}: who can help",
    Letter.FOLLOW_UP: "Did it help? About your comment {reference}",
}


def tell_named_staff(comment: Comment, by: Person | None = None) -> None:
    """Tell those whom the authority named that a comment tells, or may tell, of harm."""
    people = CommentSettings.for_site(comment.authority).people_to_tell
    if people:
        transaction.on_commit(partial(_tell, comment, people, by), robust=True)


def write_to_writer(comment: Comment, letter: Letter, action: Action | None = None) -> bool:
    """Write once about each thing, where the writer gave an address; whether there is one."""
    contact = contact_of(comment)
    if contact is None or not contact.email:
        return False
    transaction.on_commit(partial(_write, comment, letter, contact.email, action), robust=True)
    return True


def retry(event: ModerationEvent) -> bool:
    """Send again what could not be sent; whether it went. A failure is not written down twice."""
    comment = event.comment
    if event.kind == EventKind.ALERTED:
        people = CommentSettings.for_site(comment.authority).people_to_tell
        return bool(people) and _tell(comment, people, None, again=True)
    contact = contact_of(comment)
    if contact is None or not contact.email:
        return False
    about = event.details.get("about")
    action = Action.objects.filter(pk=about).first() if about else None
    return _write(comment, Letter(event.details["failed"]), contact.email, action, again=True)


def _tell(comment: Comment, people: list[str], by: Person | None, again: bool = False) -> bool:
    address = settings.WAGTAILADMIN_BASE_URL + reverse("feedback_comments:edit", args=[comment.pk])
    context = {"reference": comment.reference, "address": address, "flagged": comment.safeguarding}
    sent = _send(f"Safeguarding: read comment {comment.reference} now", "safeguarding", context, people)
    if sent or not again:
        log_step(comment, EventKind.ALERTED, by, note="" if sent else UNSENT, people=len(people))
    return sent


def _write(comment: Comment, letter: Letter, email: str, action: Action | None, again: bool = False) -> bool:
    about = str(action.pk) if action else ""
    known = comment.events.filter(kind=EventKind.WROTE).values_list("details", flat=True)
    if any(d.get("letter") == letter and d.get("about", "") == about for d in known):
        return True
    site = comment.authority
    context = {
        "reference": comment.reference,
        "address": site.root_url + comment.get_absolute_url(),
        "form": site.root_url + reverse("feedback:comment"),
        "council": CouncilSettings.for_site(site),
        "settings": CommentSettings.for_site(site),
        "action": action,
    }
    sent = _send(SUBJECTS[letter].format(reference=comment.reference), letter, context, [email])
    if sent or not again:
        which = {"letter": letter} if sent else {"failed": letter}
        log_step(comment, EventKind.WROTE, None, note="" if sent else UNSENT, about=about, **which)
    return sent


def _send(subject: str, text: str, context: dict[str, Any], to: list[str]) -> bool:
    """One mail for each address, so that nobody sees another's. A failure names no address."""
    body = render_to_string(f"feedback/mail/{text}.txt", context)
    try:
        for address in to:
            EmailMessage(subject, body, None, [address]).send()
    except OSError as error:  # what smtplib and sockets raise
        logger.error("A mail about a comment could not be sent: %s", type(error).__name__)
        return False
    return True
