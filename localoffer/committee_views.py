"""Audiences in the admin: draft the next report for one, and count a draft's figures again."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.button import Button, ListingButton
from wagtail.models import Page
from wagtail.snippets.views.snippets import SnippetViewSet

from localoffer import committee_reports
from localoffer.belonging import own_pages, own_rows
from localoffer.models import Audience, CommitteeReportPage
from localoffer.own_views import OwnChooserViewSet, OwnCreateView, OwnEditView, OwnIndexView


class AudienceViewSet(SnippetViewSet):
    """Who is reported to, how often, and when next."""

    model = Audience
    icon = "group"
    menu_label = "Report audiences"
    menu_name = "audiences"
    menu_order = 370
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("every_months", label="Every … months"),
        DateColumn("last_sent", label="Last sent"),
        DateColumn("next_due", label="Next due"),
    ]
    index_view_class = OwnIndexView
    add_view_class = OwnCreateView
    edit_view_class = OwnEditView
    chooser_viewset_class = OwnChooserViewSet
    list_filter = ["authority"]
    search_fields = ["name"]
    copy_view_enabled = False


def listing_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[ListingButton]:
    """ "Draft the next report" beside each audience; the page it leads to asks before it writes."""
    if isinstance(snippet, Audience):
        yield ListingButton(
            "Draft the next report", reverse("draft_committee", args=[snippet.pk]), priority=5
        )


def draft(request: HttpRequest, audience_id: int) -> HttpResponse:
    """Ask, then draft: a link alone writes nothing."""
    audience = get_object_or_404(own_rows(Audience.objects.all(), request.user), pk=audience_id)
    if not audience.authority.root_page.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    if request.method != "POST":
        context = {"page_title": f"Report for {audience}", "header_icon": "group", "audience": audience}
        return render(request, "localoffer/admin/draft_committee.html", context)
    page = committee_reports.draft(audience=audience, by=request.user)
    messages.success(request, "Drafted, with its figures counted. Read it, mend its words, then publish it.")
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_http_methods(["GET", "POST"])
def count_again(request: HttpRequest, page_id: int) -> HttpResponse:
    """Ask, then count a draft's figures as they are today; what was written stays."""
    page = get_object_or_404(own_pages(CommitteeReportPage.objects.all(), request.user), pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if request.method != "POST":
        context = {"page_title": f"Count again: {page.title}", "header_icon": "rotate", "page": page}
        return render(request, "localoffer/admin/count_committee.html", context)
    try:
        committee_reports.count_again(page=page, user=request.user)
    except PermissionDenied as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The figures were counted again.")
    return redirect("wagtailadmin_pages:edit", page.pk)


def header_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From a report's own menu: count a draft again, and to its audiences."""
    if page.specific_class is CommitteeReportPage:
        if not page.specific.frozen_on and page.permissions_for_user(user).can_edit():
            count = reverse("count_committee", args=[page.pk])
            yield Button("Count the figures again", count, icon_name="rotate", priority=25)
        where = reverse(AudienceViewSet().get_url_name("list"))
        yield Button("Report audiences", where, icon_name="group", priority=30)


urls = [
    path("audiences/<int:audience_id>/draft/", draft, name="draft_committee"),
    path("committee-report/<int:page_id>/count/", count_again, name="count_committee"),
]
