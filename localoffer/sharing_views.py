"""Opening a shared link, and making or ending one from the page's menu in the admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page, Site

from localoffer import library, sharing
from localoffer.belonging import own_pages
from localoffer.models.accountability import AccountPage, Visibility


@require_safe
def shared_page(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link, neither kept by a cache nor found by a search engine."""
    try:
        page, until = sharing.opened(token)
        site = Site.find_for_request(request)
        if site is None or not page.is_descendant_of(site.root_page):
            raise sharing.LinkEnded("The page is not shared any more.")
    except sharing.LinkEnded as ended:
        response = render(request, "localoffer/link_ended.html", {"why": str(ended)}, status=404)
    else:
        response = page.serve(request)
        if isinstance(response, TemplateResponse):
            response.context_data["shared_until"] = until
            response.render()
            response.content = library.lend(response.content.decode(), token).encode()
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "POST"])
def share_links(request: HttpRequest, page_id: int) -> HttpResponse:
    """Make a link for councillors, or end all of them."""
    page = get_object_or_404(own_pages(Page.objects.all(), request.user), pk=page_id).specific
    if not isinstance(page, AccountPage):
        raise Http404("Only a page that gives account is shared by a link.")
    if not page.permissions_for_user(request.user).can_edit():
        return redirect("wagtailadmin_home")
    made: dict[str, Any] = {}
    if request.method == "POST" and "end" in request.POST:
        sharing.end_links(page=page, user=request.user)
        messages.success(request, "Every link to this page has ended.")
        return redirect("share_links", page.pk)
    if request.method == "POST":
        try:
            address, until = sharing.share(page=page, user=request.user)
            made = {"link": request.build_absolute_uri(address), "until": until}
        except sharing.LinkEnded as error:
            messages.error(request, str(error))
    context = {"page_title": f"Share {page.title}", "header_icon": "link", "page": page, **made}
    return render(request, "localoffer/admin/share_links.html", context)


def header_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """ "Share with councillors" on the pages that may be."""
    page = page.specific_deferred
    if isinstance(page, AccountPage) and page.live and page.visibility == Visibility.COUNCILLORS:
        yield Button(
            "Share with councillors", reverse("share_links", args=[page.pk]), icon_name="link", priority=40
        )


def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(sharing.SHARED, "Share a link", "Shared a link for councillors")
    actions.register_action(sharing.ENDED, "End links", "Ended every shared link")


urls = [path("share/<int:page_id>/", share_links, name="share_links")]
