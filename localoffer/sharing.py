"""Links for councillors: they open one page without an account, and end on a day."""

from datetime import date, timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from localoffer.models.accountability import AccountPage, Visibility, new_share_key

SALT = "localoffer.shared_page"
LASTS = timedelta(days=30)
SHARED, ENDED = "localoffer.share_link", "localoffer.end_links"


class LinkEnded(ValueError):
    """The link opens nothing any more; the message says why, in words for a councillor."""


def share(*, page: AccountPage, user: Any, on: date | None = None) -> tuple[str, date]:
    """(address, last day) of a new link. The address is relative to the site.

    Raises PermissionDenied for who may not publish the page, and LinkEnded for a page that is not
    shown to councillors.
    """
    if not page.permissions_for_user(user).can_publish():
        raise PermissionDenied("Only who may publish this page may share it.")
    if not page.live or page.visibility != Visibility.COUNCILLORS:
        raise LinkEnded("Publish the page for councillors first.")
    until = (on or timezone.localdate()) + LASTS
    token = signing.dumps([page.pk, page.share_key, until.isoformat()], salt=SALT)
    log(instance=page, action=SHARED, user=user, data={"until": until.isoformat()})
    return reverse("shared_page", args=[token]), until


@transaction.atomic
def end_links(*, page: AccountPage, user: Any) -> None:
    """Every link to the page that was shared so far opens nothing from now on."""
    if not page.permissions_for_user(user).can_publish():
        raise PermissionDenied("Only who may publish this page may end its links.")
    type(page).objects.filter(pk=page.pk).update(share_key=new_share_key())
    log(instance=page, action=ENDED, user=user)


def opened(token: str) -> tuple[AccountPage, date]:
    """The page that a link opens, and the link's last day. Raises LinkEnded."""
    try:
        page_id, key, last = signing.loads(token, salt=SALT)
        until = date.fromisoformat(last)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkEnded("This link is not whole. Copy all of it from the message you were sent.") from error
    page = Page.objects.filter(pk=page_id, live=True).first()
    page = page.specific if page else None
    if not isinstance(page, AccountPage) or page.visibility != Visibility.COUNCILLORS:
        raise LinkEnded("The page is not shared any more.")
    if page.share_key != key:
        raise LinkEnded("The council has ended this link.")
    if until < timezone.localdate():
        raise LinkEnded(f"This link worked until {until:%-d %B %Y}.")
    return page, until
