"""The report of plain language in the admin, the same for one page, and the ways to both."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from localoffer.belonging import own_pages, site_of
from localoffer.content_checks import CHECK_WORDS, Check
from localoffer.pagination import paginate
from localoffer.plain_language import Review, review, reviews
from localoffer.readability import FAIR_BELOW, GOOD_BELOW
from localoffer.spreadsheets import WRITERS

RATINGS = ("Good", "Fair", "Complex")
PER_PAGE = 50
HEADINGS = (
    "Page", "Type", "Address", "Words", "LIX", "Reads", "Longest sentence (words)", "Longest sentence",
    *CHECK_WORDS.values(), "Findings",
)  # fmt: skip


class ReportFilter(forms.Form):
    """Which pages to show; anything unknown is ignored."""

    rating = forms.ChoiceField(
        required=False, label="Reads", choices=[("", "Any"), *((word, word) for word in RATINGS)]
    )
    finding = forms.ChoiceField(
        required=False,
        label="With",
        choices=[("", "Anything"), *((c.value, w) for c, w in CHECK_WORDS.items())],
    )

    def chosen(self, found: Sequence[Review]) -> list[Review]:
        self.is_valid()
        rating, finding = self.cleaned_data.get("rating"), self.cleaned_data.get("finding")
        return [
            one
            for one in found
            if (not rating or one.reading.rating == rating) and (not finding or one.counts[Check(finding)])
        ]


def as_rows(found: Sequence[Review]) -> Iterator[tuple[Any, ...]]:
    """One row a page, for a spreadsheet."""
    for one in found:
        reading = one.reading
        quotes = "; ".join(
            f"{f.where}: {f.words} ({f.quote})" if f.quote else f"{f.where}: {f.words}" for f in one.findings
        )
        yield (
            one.page.title, one.kind, one.page.get_url() or "", reading.words, round(reading.lix),
            reading.rating, reading.longest_words, reading.longest,
            *(one.counts[kind] for kind in CHECK_WORDS), quotes,
        )  # fmt: skip


@require_safe
def report(request: HttpRequest) -> HttpResponseBase:
    """Every live page with its LIX, its longest sentence and what was found."""
    site = site_of(request)
    form = ReportFilter(request.GET)
    found = form.chosen(reviews(site))
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        return write("plain-language", HEADINGS, as_rows(found))
    pager = paginate(len(found), request.GET, per_page=PER_PAGE)
    query = request.GET.copy()
    query.pop("export", None)
    query.pop("page", None)
    context = {
        "page_title": "Plain language",
        "header_icon": "glasses",
        "form": form,
        "reviews": found[pager.slice],
        "pager": pager,
        "query": query.urlencode(),
        "good_below": GOOD_BELOW,
        "fair_below": FAIR_BELOW,
    }
    return render(request, "localoffer/admin/plain_language.html", context)


@require_safe
def page_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One page as it was last saved: the draft, where there is one."""
    page = get_object_or_404(
        own_pages(Page.objects.all(), request.user), pk=pk
    ).get_latest_revision_as_object()
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    context = {
        "page_title": "Plain language",
        "page_subtitle": page.get_admin_display_title(),
        "header_icon": "glasses",
        "review": review(page),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }
    return render(request, "localoffer/admin/plain_language_page.html", context)


def header_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """In the page's menu in the editor, where it is fresh after every save."""
    if view_name == "edit" and page.pk and page.permissions_for_user(user).can_edit():
        address = reverse("plain_language_page", args=[page.pk])
        yield Button("Check plain language", url=address, icon_name="glasses", priority=55)


def menu_item() -> MenuItem:
    return MenuItem("Plain language", reverse("plain_language"), icon_name="glasses", order=110)


urls = [
    path("plain-language/", report, name="plain_language"),
    path("plain-language/<int:pk>/", page_check, name="plain_language_page"),
]
