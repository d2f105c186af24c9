"""Likely duplicates in the admin: the warning on save, the report, and the page that merges two."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Site
from wagtail.permissions import policy_registry

from localoffer.belonging import authorities_of, site_of
from localoffer.pagination import paginate
from services.duplicates import Likeness, likely_pairs, similar_to, tell_apart
from services.merging import BOTH, KEEP, TAKE, differences, merge, why_not
from services.models import Service

# How many entries a warning names.
MOST_WARNED = 3
CHOICE_WORDS = {KEEP: "Keep this", TAKE: "Take the other", BOTH: "Keep both"}


class WarnsOfDuplicates:
    """For the create and edit views of services: after a save, not after each autosave, and never
    in its way. A mixin before Wagtail's view."""

    request: HttpRequest
    object: Service
    expects_json_response: bool

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if not self.expects_json_response and response.status_code < 400:
            warn(self.request, form.instance)
        return response


def warn(request: HttpRequest, service: Service) -> None:
    """Name the entries that may be the same, each with a way to compare."""
    alike = similar_to(service)
    if not alike:
        return
    rows = [
        (
            reverse("merge_services", args=[one.service.pk, service.pk]),
            one.service.name,
            ", ".join(one.reasons),
        )
        for one in alike[:MOST_WARNED]
    ]
    links = format_html_join("; ", '<a href="{}">{}</a> ({})', rows)
    messages.warning(request, format_html("This may be here already. Compare it with {}.", links))


def may_merge(user: Any, site: Site) -> bool:
    """Whoever may publish services may merge them: the result is public at once."""
    return site in authorities_of(user, "services.publish_service")


def _reader(request: HttpRequest) -> Site:
    """The authority, for somebody who may change services; refused to others."""
    if not policy_registry.get_by_type(Service).user_has_permission(request.user, "change"):
        raise PermissionDenied
    return site_of(request, "services.change_service")


@require_safe
def duplicates_report(request: HttpRequest) -> HttpResponse:
    """Pairs of entries that may be one service, the likeliest first."""
    site = _reader(request)
    pairs = likely_pairs(site)
    pager = paginate(len(pairs), request.GET, per_page=50)
    context = {
        "page_title": "Likely duplicates",
        "header_icon": "duplicate",
        "pairs": [_pair(first.pk, first.name, alike) for first, alike in pairs[pager.slice]],
        "pager": pager,
        "may_merge": may_merge(request.user, site),
    }
    return render(request, "services/admin/duplicates.html", context)


def _pair(first: int, name: str, alike: Likeness) -> dict[str, Any]:
    edit = "wagtailsnippets_services_service:edit"
    return {
        "first": name,
        "first_url": reverse(edit, args=[first]),
        "second": alike.service.name,
        "second_url": reverse(edit, args=[alike.service.pk]),
        "reasons": ", ".join(alike.reasons),
        "points": alike.points,
        "merge_url": reverse("merge_services", args=[first, alike.service.pk]),
        "apart_url": reverse("tell_services_apart", args=[first, alike.service.pk]),
    }


def _two(request: HttpRequest, first: int, second: int) -> tuple[Service, Service]:
    site = _reader(request)
    ours = Service.objects.filter(authority=site).select_related("organisation")
    return get_object_or_404(ours, pk=first), get_object_or_404(ours, pk=second)


def merge_services(request: HttpRequest, kept: int, other: int) -> HttpResponse:
    """Compare two entries fact by fact, choose, and merge them."""
    stays, goes = _two(request, kept, other)
    allowed = may_merge(request.user, stays.authority)
    reason = why_not(stays, goes, request.user)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        try:
            choices = {one.name: request.POST.get(f"fact-{one.name}", "") for one in differences(stays, goes)}
            merge(kept=stays, other=goes, choices=choices, user=request.user)
        except ValidationError as error:
            messages.error(request, f"Nothing was merged. {' '.join(error.messages)}")
        else:
            messages.success(request, f"The two entries are one now. The address of “{goes}” leads to it.")
            return redirect("wagtailsnippets_services_service:edit", stays.pk)
    context = {
        "page_title": "Compare two entries",
        "header_icon": "duplicate",
        "kept": stays,
        "other": goes,
        "facts": [_fact(one, request.POST) for one in differences(stays, goes)],
        "reason": reason,
        "may_merge": allowed and not reason,
        "swap_url": reverse("merge_services", args=[goes.pk, stays.pk]),
        "apart_url": reverse("tell_services_apart", args=[stays.pk, goes.pk]),
    }
    return render(request, "services/admin/merge.html", context)


def _fact(one: Any, posted: Any) -> dict[str, Any]:
    """A row of the comparison, with what was chosen before or the likeliest choice."""
    chosen = posted.get(f"fact-{one.name}")
    chosen = chosen if chosen in one.choices else one.choices[0]
    options = [
        {"value": value, "words": CHOICE_WORDS[value], "chosen": value == chosen} for value in one.choices
    ]
    return {
        "name": f"fact-{one.name}",
        "label": one.label,
        "kept": one.kept,
        "other": one.other,
        "options": options,
    }


@require_POST
def tell_services_apart(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Somebody has looked: they are two services."""
    one, other = _two(request, first, second)
    if one.pk != other.pk:
        tell_apart(first=one, second=other, user=request.user)
        messages.success(request, "We will not ask about these two again.")
    return redirect("duplicates_report")


def menu_item() -> MenuItem:
    return MenuItem("Likely duplicates", reverse("duplicates_report"), icon_name="duplicate", order=210)


urls = [
    path("services/duplicates/", duplicates_report, name="duplicates_report"),
    path("services/merge/<int:kept>/<int:other>/", merge_services, name="merge_services"),
    path("services/apart/<int:first>/<int:second>/", tell_services_apart, name="tell_services_apart"),
]
