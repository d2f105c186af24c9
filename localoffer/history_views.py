"""The time machine: a page as it was on a day, for staff, and for all where the council says so."""

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.models import Page, Site

from localoffer import clock
from localoffer.authority import authority_of
from localoffer.history import Gone, NoSuchDay, OfferAsOf, parse_day, tidy
from localoffer.models import CouncilSettings

LINK = re.compile(r'(<a\b(?![^<>]*\sdata-now\b)[^<>]*?\shref=")(/[^"?#]*)')


class DayForm(forms.Form):
    """A day to look back to, and the page to see then."""

    on = forms.CharField(
        label="Which day?",
        help_text="Year, month and day, such as 2026-03-01.",
        error_messages={"required": "Choose a day."},
    )
    path = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean_on(self) -> date:
        try:
            return parse_day(self.cleaned_data["on"], timezone.localdate())
        except NoSuchDay as error:
            raise forms.ValidationError(str(error)) from error


def _refusal(request: HttpRequest, site: Site) -> HttpResponse | None:
    """Staff may look back; the public only where the council has switched it on."""
    if CouncilSettings.for_site(site).public_history or request.user.has_perm("wagtailadmin.access_admin"):
        return None
    if request.user.is_authenticated:
        raise PermissionDenied("Only staff may see older versions.")
    return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))


def _private(response: HttpResponse) -> HttpResponse:
    """History is neither kept by a cache nor found by a search engine."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Choose a day; with a good one, go there."""
    refusal = _refusal(request, authority_of(request))
    if refusal:
        return refusal
    form = DayForm(
        request.GET if "on" in request.GET else None, initial={"path": request.GET.get("path", "")}
    )
    if not form.is_valid():
        return _ask(request, form)
    path = form.cleaned_data["path"].lstrip("/")
    return redirect("as_of", day=form.cleaned_data["on"].isoformat(), path=path)


def _ask(request: HttpRequest, form: DayForm) -> HttpResponse:
    """The form; with what is wrong, and 400, where a day was given."""
    status = 400 if form.is_bound else 200
    return _private(render(request, "localoffer/as_of_start.html", {"form": form}, status=status))


@require_safe
def as_of(request: HttpRequest, day: str, path: str = "") -> HttpResponse:
    """The page that stood at a path on a day, drawn by its own template."""
    site = authority_of(request)
    refusal = _refusal(request, site)
    if refusal:
        return refusal
    form = DayForm({"on": day, "path": tidy(path.replace("\x00", ""))[:500]})
    if not form.is_valid():
        return _ask(request, form)
    on = form.cleaned_data["on"]
    offer = OfferAsOf(site, on)
    page = offer.find(path)
    if page is None:
        return _private(_missing(request, offer, path))
    with clock.set_to(on):
        return _private(_serve(request, offer, page, tidy(path)))


def _serve(request: HttpRequest, offer: OfferAsOf, page: Page, path: str) -> HttpResponse:
    """Drawn where Wagtail's own guards let it through: a page that is private now was not for all then."""

    def draw(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
        return _draw(request, offer, page, path)

    for guard in reversed(hooks.get_hooks("on_serve_page")):
        draw = guard(draw)
    for check in hooks.get_hooks("before_serve_page"):
        answer = check(page, request, [], {})
        if isinstance(answer, HttpResponse):
            return answer
    return draw(page, request, [], {})


def _draw(request: HttpRequest, offer: OfferAsOf, page: Page, path: str) -> HttpResponse:
    """The page's own template inside the frame that says what day it is from."""
    response = page.serve(request)
    if not isinstance(response, TemplateResponse):  # a page that only leads elsewhere
        return response
    now = offer.pages[page.pk]
    response.context_data |= {
        "as_of": offer.day,
        "as_of_template": response.resolve_template(response.template_name).template,
        "as_of_path": path,
        "now_url": now.get_url(request) if now.live else "",
    }
    response.template_name = "localoffer/as_of.html"
    response.render()
    html = stay(response.content.decode(), offer.addresses, offer.day)
    response.content = html.encode()
    return response


def stay(html: str, addresses: Collection[str], day: date) -> str:
    """Links to pages that stood that day lead to them as they stood; every other link stays as it is."""
    base = reverse("as_of", args=[day.isoformat(), ""])

    def turn(found: re.Match) -> str:
        start, path = found.groups()
        return f"{start}{base}{path[1:]}" if tidy(path) in addresses else found.group(0)

    return LINK.sub(turn, html)


def _may_name(request: HttpRequest, page: Page) -> bool:
    """A title that was never public, or is not any more, is for staff alone."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return True
    return page.live and not page.get_view_restrictions().exists()


def _missing(request: HttpRequest, offer: OfferAsOf, path: str) -> HttpResponse:
    page, gone = offer.gone(path)
    context = {
        "as_of": offer.day,
        "as_of_path": tidy(path),
        "called": page.title if page and _may_name(request, page) else "",
        "front_stood": bool(tidy(path)) and offer.find("") is not None,
        "taken_down": gone is Gone.TAKEN_DOWN,
        "not_yet": gone is Gone.NOT_YET,
        "first_day": page and page.first_published_at,
        "now_url": page.get_url(request) if page and page.live else "",
    }
    return render(request, "localoffer/as_of_missing.html", context, status=404)
