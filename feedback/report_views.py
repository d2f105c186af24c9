"""Public addresses that are no page: the files of a yearly report, and the answer to "was this useful?"."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from feedback import about, annual_figures, annual_pages, useful
from feedback.models import AnnualReportPage
from localoffer.authority import authority_of
from localoffer.page_cache import ASK_EACH_TIME, shared
from localoffer.spreadsheets import csv_response


@shared(ASK_EACH_TIME)
@require_safe
def report_file(request: HttpRequest, period: str, part: str) -> HttpResponse:
    """The numbers, or every comment with its answer, of a live report as CSV."""
    pages = AnnualReportPage.objects.live().public().descendant_of(authority_of(request).root_page)
    page = pages.filter(slug=period).first()
    write = FILES.get(part)
    if page is None or write is None:
        raise Http404("There is no such report.")
    headings, rows = write(annual_pages.of_report(page))
    return csv_response(f"local-offer-report-{period}-{part}", headings, rows)


def _numbers(shown: dict[str, Any]) -> tuple[tuple[str, ...], Iterable[tuple[Any, ...]]]:
    period = shown["period"]
    return ("Part", "What", period.short, period.before.short), annual_figures.rows(shown["data"])


def _comments(shown: dict[str, Any]) -> tuple[tuple[str, ...], Iterable[tuple[Any, ...]]]:
    headings = (
        "Number",
        "About",
        "Title",
        "People",
        "You said",
        "Our answer",
        "Status",
        "Who is responsible",
    )
    return headings, (
        (
            entry["reference"], entry["kicker"], entry["title"], entry["people"], entry["said"],
            "\n".join(f"{begins} {text}".strip() for begins, text in entry["paragraphs"]),
            entry["status_text"], entry["owner_role"],
        )
        for entry in shown["entries"]
        if entry["is_public"]
    )  # fmt: skip


FILES: dict[str, Callable[[dict[str, Any]], tuple[tuple[str, ...], Iterable[tuple[Any, ...]]]]] = {
    "numbers": _numbers,
    "comments": _comments,
}


# No cookie is set for a reader, so there is no token to compare with one. What stands for it is the
# signature over the address and what the browser says of where the form was: see `useful`.
@csrf_exempt
@require_POST
def was_useful(request: HttpRequest) -> HttpResponse:
    """Count a press of Yes or No, then thank."""
    path = useful.answer(
        request,
        authority_of(request),
        path=request.POST.get("about", "")[:500],
        signature=request.POST.get("seal", "")[:100],
        said=request.POST.get("said", ""),
    )
    query = f"?{urlencode({'about': path})}" if path else ""
    return HttpResponseRedirect(f"{reverse('feedback:useful_thanks')}{query}", status=303)


@never_cache
@require_safe
def useful_thanks(request: HttpRequest) -> HttpResponse:
    """Thanks, the way back, and the way to say more."""
    address = request.GET.get("about", "")[:500]
    back = address if about.LOCAL_PATH.match(address) else ""
    form = reverse("feedback:comment")
    context = {"back": back, "comment_url": f"{form}?{urlencode({'about': back})}" if back else form}
    return render(request, "feedback/useful_thanks.html", context)
