"""Mail by GOV.UK Notify, through the government's own client: one template with ((subject)) and ((body))."""

import logging
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

import requests
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

# What Notify answers may quote an address: only our own words about it are logged.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
PATIENCE = 10  # seconds for an answer


class NotTaken(OSError):
    """Notify refused the mail, or could not be reached. Names no address and no word of it."""


class NotifyEmailBackend(BaseEmailBackend):
    """Every mail of the site is plain text to one person, which is what Notify sends.

    A failure is an OSError like those of a mail server: TimeoutError where the mail may have gone.
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self._client: NotificationsAPIClient | None = None

    def open(self) -> bool:
        if self._client is not None:
            return False
        try:
            self._client = NotificationsAPIClient(
                settings.GOVUK_NOTIFY_API_KEY, base_url=settings.GOVUK_NOTIFY_URL, timeout=PATIENCE
            )
        except AssertionError as error:
            raise NotTaken("GOVUK_NOTIFY_API_KEY is no key of Notify") from error
        return True

    def close(self) -> None:
        if self._client is not None:
            self._client.request_session.close()
            self._client = None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many messages Notify took; each goes to each of its recipients by itself."""
        taken = 0
        opened = self.open()
        try:
            for message in email_messages:
                for address in message.recipients():
                    _send(self._client, message, parseaddr(address)[1])
                taken += bool(message.recipients())
        except OSError:
            if not self.fail_silently:
                raise
        finally:
            if opened:
                self.close()
        return taken


def _send(client: NotificationsAPIClient, message: EmailMessage, address: str) -> None:
    try:
        client.send_email_notification(
            email_address=address,
            template_id=settings.GOVUK_NOTIFY_TEMPLATE_ID,
            personalisation={"subject": message.subject, "body": message.body},
        )
    except APIError as error:
        if isinstance(error.__cause__, requests.ReadTimeout):
            raise TimeoutError("Notify did not answer in time") from None
        raise NotTaken(f"Notify answered {error.status_code}") from None
