"""A provider's check, at the address in their email. A GET changes nothing: every act is a press."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from localoffer.throttle import is_flood
from services import review_pages as pages
from services.assurance import confirm, suggest_change
from services.correspondents import provider_role
from services.enums import CheckedBy, ReminderState, SuggestionKind
from services.models import ReviewLink
from services.review_forms import ReviewForm
from services.review_links import Opened, Standing, may_have_another, open_link, use
from services.review_mail import send_new_link

# A council building or a mail scanner has one address for many readers.
MOST_READS, MOST_SENT = 600, 120
STATUSES = {Standing.FORGED: 404, Standing.GONE: 410, Standing.EXPIRED: 410}
FLOODED = "Too much came from where you are. Nothing is lost. Try again in an hour, or ring us."
SAME = "You have not changed anything yet. Change a box, or go back and say that it is still right."
NEW_LINK = {
    ReminderState.SENT: "We have sent a new link to the email address that we hold. Look in your inbox.",
    ReminderState.NOWHERE: "We hold no email address for this entry. Please ring us or write to us.",
}
NOT_SENT = "We could not send the email. Please try again in an hour, or ring us."
TOO_SOON = "We sent a new link a short while ago. Look in your inbox, and where it puts unwanted mail."


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, token: str) -> HttpResponse:
    """Every page of one link: the entry, the form, the check, and what happened."""
    posted = request.method == "POST"
    limit = MOST_SENT if posted else MOST_READS
    if is_flood(request, name=f"review-{'send' if posted else 'read'}", hourly=limit):
        return _private(render(request, "services/review/end.html", {"problem": FLOODED}, status=429))
    opened = open_link(token, at=Site.find_for_request(request))
    if opened.link is None or (opened.standing != Standing.OPEN and request.POST.get("go") != "again"):
        return _end(request, opened)
    if not posted:
        return _show(request, "start", pages.of_start(opened.link))
    return _ACTS.get(request.POST.get("go", ""), _start)(request, opened.link, token)


def _start(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    return _show(request, "start", pages.of_start(link))


def _right(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    """Nothing has changed: the entry is checked, and the link used."""
    with transaction.atomic():
        opened = open_link(token, lock=True)
        if opened.standing == Standing.OPEN and opened.link:
            service = opened.link.service
            confirm(service=service, by_role=provider_role(service), side=CheckedBy.PROVIDER)
            use(opened.link)
    return HttpResponseRedirect(request.path)


def _change(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    """The form: filled with the entry, or with what was typed when somebody comes back to it."""
    if "seen" not in request.POST:
        form = ReviewForm(pages.unseal(link, ""))
        return _show(request, "form", pages.of_form(link, form))
    form = ReviewForm(pages.unseal(link, request.POST["seen"]), request.POST)
    return _show(request, "form", {**pages.of_form(link, form), "errors": []})


def _check(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    form = _read_form(request, link)
    if not form.is_valid():
        return _show(request, "form", pages.of_form(link, form))
    return _show(request, "check", pages.of_check(link, form, form.data))


def _send(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    form = _read_form(request, link)
    if not form.is_valid():
        return _show(request, "form", pages.of_form(link, form))
    return _keep(request, token, form=form)


def _read_form(request: HttpRequest, link: ReviewLink) -> ReviewForm:
    """The form as it was sent; one in which nothing was changed has that as its fault."""
    form = ReviewForm(pages.unseal(link, request.POST.get("seen", "")), request.POST)
    if form.is_valid() and not form.proposed() and not form.cleaned_data["note"]:
        form.add_error(None, SAME)
    return form


def _closed(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    return _show(request, "closed", {"service": link.service})


def _close(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    return _keep(request, token)


def _keep(request: HttpRequest, token: str, form: ReviewForm | None = None) -> HttpResponse:
    """Keep what was sent, once. Of two presses at once, the second reads what the first did."""
    with transaction.atomic():
        opened = open_link(token, lock=True)
        if opened.standing == Standing.OPEN and opened.link:
            suggest_change(
                service=opened.link.service,
                seen=form.seen if form else {},
                proposed=form.proposed() if form else {},
                note=form.cleaned_data["note"] if form else "",
                kind=SuggestionKind.CHANGE if form else SuggestionKind.CLOSED,
                link=opened.link,
                by_role=provider_role(opened.link.service),
            )
            use(opened.link)
    return HttpResponseRedirect(request.path)


def _again(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    """A new link, to the address on file and to no other."""
    if not may_have_another(link):
        said = TOO_SOON
    else:
        said = NEW_LINK.get(ReminderState(send_new_link(link.service)), NOT_SENT)
    return _end(request, open_link(token), said=said)


_ACTS = {
    "right": _right,
    "change": _change,
    "check": _check,
    "send": _send,
    "closed": _closed,
    "close": _close,
    "again": _again,
}


def _end(request: HttpRequest, opened: Opened, said: str = "") -> HttpResponse:
    status = 200 if said else STATUSES.get(opened.standing, 200)
    context = {**pages.of_end(opened.link, opened.standing), "said": said}
    return _private(render(request, "services/review/end.html", context, status=status))


def _show(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    return _private(render(request, f"services/review/{page}.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """The address opens the entry's check: no cache keeps the page and no search engine lists it."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
