"""The emails of a check, in plain words and plain text. No address is kept or logged here."""

import smtplib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.models import Site

from localoffer.models import CouncilSettings
from services import changes
from services.correspondents import provider_address, with_correspondents
from services.enums import ReminderState, SuggestionState
from services.models import ReviewSettings, Service, Suggestion
from services.review_links import address_of, make_link

# The mail server had the whole message and went silent: it may have gone.
_MAYBE_SENT = (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionResetError, BrokenPipeError)


def send(*, to: str, subject: str, template: str, context: Mapping[str, Any], site: Site) -> tuple[str, str]:
    """Send one mail. (state, what went wrong): sent, failed, or unsure where nobody can tell.

    What a mail server says can quote an address, so only the kind of failure is handed back.
    """
    council = CouncilSettings.for_site(site)
    text = render_to_string(f"services/mail/{template}.txt", {"council": council, **context})
    connection = get_connection()
    message = EmailMessage(
        subject=" ".join(subject.split())[:150],
        body=text.strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        reply_to=[council.email] if council.email else None,
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    try:
        connection.open()
    except Exception as error:  # any mail backend, any failure: nothing has been sent yet
        return ReminderState.FAILED, type(error).__name__
    try:
        sent = message.send()
    except _MAYBE_SENT as error:
        return ReminderState.UNSURE, type(error).__name__
    except Exception as error:  # refused, whatever the backend calls it
        return ReminderState.FAILED, type(error).__name__
    finally:
        _close(connection)
    return (ReminderState.SENT, "") if sent else (ReminderState.FAILED, "NotTaken")


def _close(connection: Any) -> None:
    """However the line ends, the mail has gone or failed already."""
    with suppress(Exception):
        connection.close()


def ask_provider(
    *, to: str, entries: Sequence[tuple[Service, str]], today: date, site: Site
) -> tuple[str, str]:
    """Ask for a check of some entries, each with the address of its own link."""
    rows = [
        {"name": service.name, "due": service.review_by, "late": service.review_by < today, "url": url}
        for service, url in entries
    ]
    many = f"{len(rows)} entries" if len(rows) > 1 else rows[0]["name"]
    days = ReviewSettings.for_site(site).link_days
    return send(
        to=to,
        subject=f"Please check: {many}",
        template="ask",
        context={"rows": rows, "many": len(rows) > 1, "days": days},
        site=site,
    )


def send_new_link(service: Service) -> str:
    """A link to the address on file; returns the state. NOWHERE when there is none."""
    service = with_correspondents(Service.objects.all()).get(pk=service.pk)
    to = provider_address(service, ReviewSettings.for_site(service.authority))
    if not to:
        return ReminderState.NOWHERE
    link = make_link(service)
    context = {"name": service.name, "url": address_of(link), "until": link.expires_at}
    return send(
        to=to,
        subject=f"Your link to check: {service.name}",
        template="new_link",
        context=context,
        site=service.authority,
    )[0]


def tell_officer(
    *, to: str, entries: Sequence[Service], total: int, unsure: int, suggestions: int, site: Site
) -> tuple[str, str]:
    """Tell an officer which entries are late, the most late first, and what else waits."""
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    listing = reverse("wagtailsnippets_services_service:list")
    context = {
        "rows": entries,
        "more": max(0, total - len(entries)),
        "list_url": f"{base}{listing}?overdue=yes",
        "suggestions": suggestions,
        "suggestions_url": f"{base}{reverse('services_suggestions:index')}",
        "unsure": unsure,
    }
    subject = f"{total} {'entry is' if total == 1 else 'entries are'} late for a check"
    return send(to=to, subject=subject, template="officer", context=context, site=site)


def tell_decision(suggestion: Suggestion) -> str:
    """Tell the provider what became of their change, with the officer's words; returns the state."""
    service = with_correspondents(Service.objects.all()).get(pk=suggestion.service_id)
    to = provider_address(service, ReviewSettings.for_site(service.authority))
    if not to:
        state = str(ReminderState.NOWHERE)
    else:
        named = {
            "taken": changes.named({*suggestion.passed, *suggestion.accepted}),
            "left": changes.named(set(suggestion.open_fields) - set(suggestion.accepted)),
        }
        context = {
            "name": service.name,
            "suggestion": suggestion,
            "declined": suggestion.state == SuggestionState.DECLINED,
            "url": f"{service.authority.root_url}{service.get_absolute_url()}" if service.live else "",
            **named,
        }
        state = send(
            to=to,
            subject=f"Your change: {service.name}",
            template="decision",
            context=context,
            site=service.authority,
        )[0]
    with transaction.atomic():
        Suggestion.objects.filter(pk=suggestion.pk).update(told=state)
    return state
