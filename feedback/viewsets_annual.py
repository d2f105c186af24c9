"""Yearly reports in the admin: what there is, what is due, draft one, count again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Site

from feedback import annual
from feedback.annual_period import ReportPeriod
from feedback.gate import Refused
from feedback.models import AnnualReportPage, FrozenReport
from localoffer.belonging import own_pages, site_of

CHOICES_BACK = 5


class DraftForm(forms.Form):
    """Which school year; those that have ended, the latest first."""

    period = forms.ChoiceField(label="School year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = ReportPeriod.latest_whole(timezone.localdate()).start.year
        years = (ReportPeriod.of_school_year(latest - back) for back in range(CHOICES_BACK))
        self.fields["period"].choices = [(period.slug, period.words) for period in years]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every report with how far it is, and the day that the law expects the next."""
    site = site_of(request)
    context = {
        "page_title": "Yearly reports",
        "header_icon": "doc-full",
        "due": annual.due(site),
        "rows": [_row(page, request.user) for page in _reports(site)],
        "form": DraftForm(),
    }
    return render(request, "feedback/admin/annual.html", context)


def _reports(site: Site) -> list[AnnualReportPage]:
    return list(AnnualReportPage.objects.descendant_of(site.root_page).order_by("-start"))


def _row(page: AnnualReportPage, user: Any) -> dict[str, Any]:
    record = FrozenReport.objects.filter(page=page).first()
    return {
        "page": page,
        "words": ReportPeriod(page.start, page.end).words,
        "record": record,
        "state": _state(page, record),
        "can_count": record is None and page.permissions_for_user(user).can_edit(),
        "url": page.get_url() if page.live else "",
    }


def _state(page: AnnualReportPage, record: FrozenReport | None) -> str:
    if record is None:
        return "Waiting for approval" if page.current_workflow_state else "Draft"
    if not record.is_intact:
        return "Fixed, but what is kept was changed behind this site’s back"
    return "Fixed and public" if page.live else "Fixed, and taken down"


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Draft the report of a year and open it."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a school year from the list.")
        return redirect("feedback_annual:index")
    try:
        period = ReportPeriod.parse(form.cleaned_data["period"])
        page = annual.draft_report(authority=site_of(request), period=period, by=request.user)
    except Refused as error:
        messages.error(request, error.message)
        return redirect("feedback_annual:index")
    messages.success(request, "Drafted and counted. Read it, add your words, then submit it for approval.")
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


@require_POST
def count_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the draft again from the log as it stands."""
    page = get_object_or_404(own_pages(AnnualReportPage.objects.all(), request.user), pk=pk)
    try:
        annual.count_again(page=page, by=request.user)
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Counted again.")
    return redirect("feedback_annual:index")


class AnnualReportsViewSet(ViewSet):
    """The menu item and its three addresses."""

    name = "feedback_annual"
    url_prefix = "feedback/annual-reports"
    icon = "doc-full"
    menu_label = "Yearly reports"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("draft/", draft, name="draft"),
            path("<int:pk>/count/", count_again, name="count"),
        ]


# -- guards, as Wagtail's hooks ------------------------------------------------------------


def before_publish(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Nobody publishes a report past its workflow: say so, and keep what was written as a draft."""
    from feedback import approvals

    if not isinstance(page, AnnualReportPage) or page.is_frozen:
        return None
    problem = approvals.why_not_live(page)
    if not problem:
        return None
    messages.error(request, f"{problem} What you wrote is kept as a draft.")
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


def before_delete(request: HttpRequest, page: Any) -> HttpResponse | None:
    """What was published as the year's report stays on record."""
    fixed = FrozenReport.objects.filter(page__path__startswith=page.path)
    if not fixed.exists():
        return None
    messages.error(
        request, "A yearly report that was published is kept. You can take it down (unpublish) instead."
    )
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


def before_copy(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A report belongs to its own period, and is not copied with the pages around it either."""
    if not isinstance(page, AnnualReportPage):
        if not (request.method == "POST" and request.POST.get("copy_subpages")):
            return None
        if not AnnualReportPage.objects.descendant_of(page).exists():
            return None
        messages.error(
            request,
            "There is a yearly report below this page, and a report is not copied. Copy the page without "
            "those below it.",
        )
        return redirect(reverse("wagtailadmin_pages:copy", args=[page.pk]))
    raise PermissionDenied("A yearly report is not copied. Draft one for the other year.")
