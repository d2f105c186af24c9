"""What localoffer itself keeps about people: staff accounts and requests for other formats."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import Site

from localoffer.format_requests import FORGOTTEN, KEPT_AT_MOST_DAYS, KEPT_DAYS
from localoffer.models import FormatRequest, FormatRequestContact
from localoffer.personal_data import Held, Identity, Kept, plain


class FormatRequestSubject:
    """Who asked for a page in another form."""

    right = "localoffer.view_formatrequest"
    erase_right = "localoffer.change_formatrequest"

    def find(self, site: Site, who: Identity) -> list[Held]:
        """By email address or phone number; a reference is of a comment."""
        if not (who.email or who.phone_digits):
            return []
        by_email = Q(email__iexact=who.email) if who.email else Q(pk=None)
        found = FormatRequestContact.objects.filter(request__authority=site).select_related("request")
        if not who.phone_digits:
            found = found.filter(by_email)
        return [self._held(c) for c in found if self._is(c, who)]

    def _is(self, contact: FormatRequestContact, who: Identity) -> bool:
        same_email = bool(who.email) and contact.email.lower() == who.email.lower()
        digits = Identity(phone=contact.phone).phone_digits
        return same_email or bool(digits and digits == who.phone_digits)

    def _held(self, contact: FormatRequestContact) -> Held:
        request = contact.request
        data = {
            "page_wanted": request.page_wanted,
            "format": request.format_words,
            "asked_on": plain(request.asked_on),
            "status": request.get_status_display(),
            "name": contact.name,
            "address": contact.address,
            "email": contact.email,
            "phone": contact.phone,
        }
        return Held(str(request.pk), f"Request for {request}", data)

    @transaction.atomic
    def erase(self, *, site: Site, keys: Iterable[str], by: Any, reason: str) -> int:
        """What was asked stays, to be counted; who asked goes."""
        ids = [int(key) for key in keys if key.isdigit()]
        requests = list(FormatRequest.objects.of(site).filter(pk__in=ids, contacts__isnull=False))
        FormatRequestContact.objects.filter(request__in=requests).delete()
        FormatRequest.objects.filter(pk__in=[r.pk for r in requests]).update(submission_key="")
        for request in requests:
            log(instance=request, action=FORGOTTEN, user=by)
        return len(requests)


def declarations() -> list[Kept]:
    """For the hook `localoffer_personal_data`."""
    return [
        Kept(
            key="staff",
            what="Accounts of staff, and who did what: edits, approvals, decisions",
            whose="Staff of the council and members of the forum who sign in",
            why="So that each decision has somebody who answers for it",
            basis="Public task",
            how_long=lambda site: "While they work with the site. The record of decisions stays.",
            removed_by="An administrator, under Settings, Users",
            seen_by="Staff who sign in. Families never read a name of staff.",
            holds=("auth.User", "localoffer.SignOff.name"),
        ),
        Kept(
            key="format_requests",
            what="Name, postal address, email address and phone number",
            whose="People who ask for a page on paper or in another form",
            why="To send what they asked for (SEND Regulations 2014, regulation 57)",
            basis="Public task",
            how_long=lambda site: (
                f"{KEPT_DAYS} days after it was sent or closed, and {KEPT_AT_MOST_DAYS} days at most"
            ),
            removed_by="manage.py purge_format_requests, run daily",
            seen_by="Staff who send copies",
            holds=("localoffer.FormatRequestContact.*",),
            subject=FormatRequestSubject(),
        ),
        Kept(
            key="council_contacts",
            what="Phone numbers, email and postal addresses of teams",
            whose="The council, its advice service and whoever answers for the accessibility statement",
            why="So that families can reach a person",
            basis="Public task",
            how_long=lambda site: "While they are right. They are public.",
            removed_by="Staff, in the settings and on the page",
            seen_by="Everybody",
            holds=(
                "localoffer.CouncilSettings.*",
                "localoffer.AccessibilityStatementPage.contact_email",
                "localoffer.AccessibilityStatementPage.contact_phone",
            ),
        ),
    ]
