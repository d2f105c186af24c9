"""The password of a page or of a collection of documents: guesses are counted, and it opens no other page.

Wagtail's own views take any number of guesses, and draw their form inside whatever page the address
names, a draft or another council's among them.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from wagtail import views as wagtail_views
from wagtail.documents.views import serve as documents
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, Site

from localoffer import throttle

# Wrong passwords an hour for one page: from one place, and from everywhere together.
MOST_FROM_ONE_PLACE, MOST = 20, 200
NOT_HERE = "There is no such page."


@never_cache
def of_page(request: HttpRequest, page_view_restriction_id: int, page_id: int) -> HttpResponseBase:
    """Open a page by its password. Raises Http404 for a page that the password does not guard here."""
    rule = get_object_or_404(PageViewRestriction.objects.select_related("page"), pk=page_view_restriction_id)
    page = get_object_or_404(Page.objects.live(), pk=page_id)
    site = Site.find_for_request(request)
    if site is None or not _is_in(page, rule.page) or not _is_in(page, site.root_page):
        raise Http404(NOT_HERE)
    return _guess(
        request,
        f"page:{rule.pk}",
        lambda: wagtail_views.authenticate_with_password(request, page_view_restriction_id, page_id),
    )


@never_cache
def of_documents(request: HttpRequest, restriction_id: int) -> HttpResponseBase:
    """Open a collection of documents by its password. Raises Http404 where no password guards any."""
    get_object_or_404(CollectionViewRestriction, pk=restriction_id)
    return _guess(
        request,
        f"documents:{restriction_id}",
        lambda: documents.authenticate_with_password(request, restriction_id),
    )


def _is_in(page: Page, branch: Page) -> bool:
    return bool(page.path.startswith(branch.path))


def _guess(request: HttpRequest, what: str, answer: Callable[[], Any]) -> HttpResponseBase:
    """Wagtail's answer, where there were not too many wrong ones; this one counts unless it is right."""
    if request.method != "POST":
        return answer()
    if not request.POST.get("return_url", "/").startswith("/"):
        return HttpResponse("The address to go on to must be one of this site.", status=400)
    place = throttle.address_of(request)
    limits = [("password", what, MOST)]
    if place:
        limits.append(("password", f"{what}|{place}", MOST_FROM_ONE_PLACE))
    taken = throttle.take(limits)
    if taken is None:
        return render(request, "wagtailcore/too_many_guesses.html", status=429)
    response: HttpResponseBase = answer()
    if response.status_code == 302:
        throttle.give_back(taken)
    return response
