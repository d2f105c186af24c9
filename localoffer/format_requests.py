"""Asking for a page in another form: take it down, follow it, forget who asked."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import Site

from localoffer.enums import FINISHED, RequestStatus
from localoffer.models import FormatRequest, FormatRequestContact

RECEIVED, MOVED, FORGOTTEN = (
    "localoffer.format_request_received",
    "localoffer.format_request_moved",
    "localoffer.format_request_forgotten",
)
ASKED = ("page_wanted", "format", "language")
WHO = ("name", "address", "email", "phone")
# Contact details are kept this long after the copy was sent, or the request was closed.
KEPT_DAYS = 90
# And no longer than this, whatever became of the request.
KEPT_AT_MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Purged:
    """How many contacts were deleted, and how many of those nobody had answered."""

    contacts: int
    unanswered: int


def receive(*, authority: Site, answers: Mapping[str, str]) -> FormatRequest:
    """Keep a valid form's answers. The same ones on the same day are one request, however often sent."""
    key = _key_of(authority, answers)
    known = FormatRequest.objects.filter(submission_key=key).first()
    if known:
        return known
    try:
        with transaction.atomic():
            made = FormatRequest.objects.create(
                authority=authority, submission_key=key, **{name: answers.get(name, "") for name in ASKED}
            )
            FormatRequestContact.objects.create(request=made, **{name: answers.get(name, "") for name in WHO})
            log(instance=made, action=RECEIVED)
    except IntegrityError:  # the other press of the button was a moment quicker
        return FormatRequest.objects.get(submission_key=key)
    return made


def _key_of(authority: Site, answers: Mapping[str, str]) -> str:
    """Cannot be turned back into what was typed without the site's secret."""
    typed = [answers.get(name, "") for name in (*ASKED, *WHO)]
    content = json.dumps([timezone.localdate().isoformat(), authority.pk, typed])
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, content.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@transaction.atomic
def moved(*, request: FormatRequest, before: str, user: Any = None) -> None:
    """Note that a request went from one status to another, with who did it."""
    if request.status == before:
        return
    request.changed_at = timezone.now()
    request.save(update_fields=["changed_at"])
    words = dict(RequestStatus.choices)
    data = {"from": words.get(before, before), "to": words[request.status]}
    log(instance=request, action=MOVED, user=user, data=data)


@transaction.atomic
def purge(*, days: int = KEPT_DAYS, at_most: int = KEPT_AT_MOST_DAYS, now: datetime | None = None) -> Purged:
    """Delete who asked, where it has been kept long enough; what was asked stays, to be counted.

    Raises ValueError for days below zero.
    """
    if days < 0 or at_most < 0:
        raise ValueError("Days cannot be below zero.")
    now = now or timezone.now()
    old = list(
        FormatRequest.objects.with_contact_to_delete(
            finished_before=now - timedelta(days=days), asked_before=now - timedelta(days=at_most)
        ).distinct()
    )
    FormatRequestContact.objects.filter(request__in=old).delete()
    FormatRequest.objects.filter(pk__in=[request.pk for request in old]).update(submission_key="")
    for request in old:
        log(instance=request, action=FORGOTTEN)
    return Purged(len(old), sum(request.status not in FINISHED for request in old))


class _MovedFormatter(LogFormatter):
    label = "Move"

    def format_message(self, entry: Any) -> str:
        return f"Went from “{entry.data.get('from', '')}” to “{entry.data.get('to', '')}”"


def log_actions(actions: LogActionRegistry) -> None:
    """Tell Wagtail's history how to read what this module logs."""
    actions.register_action(RECEIVED, "Receive", "Asked for on the website")
    actions.register_action(FORGOTTEN, "Forget", "Who asked was deleted")
    actions.register_action(MOVED)(_MovedFormatter)
