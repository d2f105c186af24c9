"""Builders for checks: an entry that is due, whom we ask, and a letter read like a provider does."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

from django.core import mail
from django.utils import timezone

from services import changes
from services.assurance import suggest_change
from services.models import OrganisationReview, ReviewLink, Service, ServiceReview, Suggestion
from services.review_links import make_link, token_of
from tests.factories import make_organisation
from tests.services.test_detail import full_service

ASKED_AT = "nursery@checks.example.org"


def make_due(
    authority: Any, *, days: int = 30, email: str = ASKED_AT, trusted: bool = False, **fields: Any
) -> Service:
    """A live entry with one of everything, due in `days`, whose provider is asked at `email`."""
    provider = fields.pop("organisation", None) or make_organisation(authority, name="Splash Trust")
    OrganisationReview.objects.update_or_create(organisation=provider, defaults={"trusted": trusted})
    due = timezone.localdate() + timedelta(days=days)
    service = full_service(authority, organisation=provider, **{"review_by": due, **fields})
    if email:
        ServiceReview.objects.create(service=service, provider_email=email, provider_role="Play manager")
    return service


def make_open_link(service: Service) -> tuple[ReviewLink, str]:
    """A link and the path of its page."""
    link = make_link(service)
    return link, f"/services/review/{token_of(link)}/"


def make_suggestion(service: Service, **proposed: Any) -> Suggestion:
    """A suggestion that waits, made from what the entry says now."""
    seen = changes.read(service)
    return suggest_change(service=service, seen=seen, proposed=proposed, link=make_link(service))


def paths_in_mail(number: int = -1) -> list[str]:
    """The paths of the links of a letter."""
    return re.findall(r"https?://[^/\s]+(/services/review/\S+)", mail.outbox[number].body)


def long_ago(**days: int) -> date:
    return timezone.localdate() - timedelta(**days)


def boxes(html: str) -> dict[str, Any]:
    """What a browser would send back of a form as it stands: names to values."""
    found: dict[str, Any] = {}

    class Reader(HTMLParser):
        area = option = select = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            a = dict(attrs)
            if tag == "input" and a.get("name"):
                if a.get("type") == "checkbox":
                    if "checked" in a:
                        found.setdefault(a["name"], []).append(a["value"])
                else:
                    held, value = found.get(a["name"]), a.get("value", "") or ""
                    found[a["name"]] = (
                        [*held, value] if isinstance(held, list) else value if held is None else [held, value]
                    )
            elif tag == "textarea":
                self.area = a["name"]
                found[self.area] = ""
            elif tag == "select":
                self.select = a["name"]
            elif tag == "option" and (self.select not in found or "selected" in a):
                found[self.select] = a.get("value", "")

        def handle_data(self, data: str) -> None:
            if self.area:
                found[self.area] += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                found[self.area] = found[self.area].removeprefix("\n").replace("\n", "\r\n")
                self.area = ""

    Reader().feed(html)
    found.pop("csrfmiddlewaretoken", None)
    return {name: _alone(value) for name, value in found.items()}


def _alone(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value
