"""The page of alternative formats: a GET shows it, a POST asks for a copy."""

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from wagtail.models import Site

from localoffer.format_requests import KEPT_DAYS, receive
from localoffer.forms import FormatRequestForm
from localoffer.plain_text import plain
from localoffer.throttle import is_flood

if TYPE_CHECKING:
    from localoffer.models import AlternativeFormatsPage

# A library or an event has one address for many families.
HOURLY_LIMIT = 30
TRAPPED = "Empty the box called “Leave this empty”, then send it again. It is there to stop robots."
FLOODED = "We have had very many requests from where you are. Try again in an hour, or ring us."
NOT_KEPT = "Something is wrong on our side. Nothing was sent. Please try again in an hour, or ring us."


def respond(page: "AlternativeFormatsPage", request: HttpRequest) -> HttpResponse:
    """The page; with the form as it was typed where it cannot be taken."""
    context, status = page.get_context(request), 200
    if request.method == "POST":
        form = FormatRequestForm(request.POST)
        if form.is_valid():
            problem, status = _ask(form, request)
            if not problem:
                return HttpResponseRedirect(f"{page.get_url(request) or request.path}?asked=1")
            form.add_error(None, problem)
        context |= {"form": form, "asked": False}
    response = TemplateResponse(request, page.get_template(request), context, status=status)
    add_never_cache_headers(response)
    return response


def empty_form(request: HttpRequest) -> dict[str, Any]:
    """Context for the page: `form` (a link to it may name the page that somebody comes from),
    `asked` once a request is kept, `kept_days` of contact details."""
    wanted = plain(request.GET.get("page", ""))[:300]
    return {
        "form": FormatRequestForm(initial={"page_wanted": wanted}),
        "asked": request.GET.get("asked") == "1",
        "kept_days": KEPT_DAYS,
    }


def _ask(form: FormatRequestForm, request: HttpRequest) -> tuple[str, int]:
    """(why not, HTTP status); no reason where the request is kept."""
    if form.is_trapped:
        return TRAPPED, 200
    site = Site.find_for_request(request)
    if site is None:
        return NOT_KEPT, 503
    if is_flood(request, name="format-request", hourly=HOURLY_LIMIT):
        return FLOODED, 429
    try:
        receive(authority=site, answers=form.cleaned_data)
    except DatabaseError:
        return NOT_KEPT, 503
    return "", 200
