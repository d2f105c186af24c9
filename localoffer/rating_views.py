"""Rating a self-evaluation month by month, in the admin."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from localoffer import evaluation
from localoffer.belonging import own_pages
from localoffer.models import Rating, SelfEvaluationPage
from localoffer.models.self_evaluation import first_of

UNSAID = ("", "Say nothing this month")


class MonthForm(forms.Form):
    month = forms.RegexField(
        r"^20\d\d-(0[1-9]|1[0-2])$",
        label="Month",
        widget=forms.TextInput(attrs={"type": "month"}),
        error_messages={"invalid": "Write the month as year and month, such as 2026-11."},
    )

    def clean_month(self) -> date:
        """The first of the month."""
        year, month = self.cleaned_data["month"].split("-")
        try:
            return evaluation.month_that_has_come(date(int(year), int(month), 1))
        except evaluation.CannotRate as error:
            raise forms.ValidationError(str(error)) from error

    def day(self) -> date:
        """The first of the month that was asked for; of this month where none was, or none that can be."""
        return self.cleaned_data["month"] if self.is_valid() else first_of(timezone.localdate())


class RatingsForm(forms.Form):
    """One question a field, named by its id; what was said this month is chosen."""

    def __init__(self, page: SelfEvaluationPage, month: date, data: Any = None) -> None:
        held = {r.item_id: r.rating for r in Rating.objects.filter(page=page, month=month)}
        marks = [(m.key, m.word) for m in evaluation.marks_of(page.evaluation_set).values()]
        super().__init__(data)
        for item in page.evaluation_set.items.filter(retired=False):
            self.fields[f"item-{item.pk}"] = forms.ChoiceField(
                label=str(item), choices=[UNSAID, *marks], required=False, initial=held.get(item.pk, "")
            )

    def chosen(self) -> dict[int, str]:
        """Item id to rating, for what was said."""
        return {int(name.split("-")[1]): key for name, key in self.cleaned_data.items() if key}


@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, page_id: int) -> HttpResponse:
    """The questions of a page and the ratings of one month."""
    page = get_object_or_404(own_pages(SelfEvaluationPage.objects.all(), request.user), pk=page_id)
    if not evaluation.may_rate(page, request.user):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    month_form = MonthForm(asked if "month" in asked else None)
    month = month_form.day()
    form = RatingsForm(page, month, request.POST if request.method == "POST" else None)
    if request.method == "POST" and month_form.is_valid() and form.is_valid():
        try:
            count = evaluation.rate(page=page, month=month, ratings=form.chosen(), user=request.user)
        except evaluation.CannotRate as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{month:%B %Y}: {count} ratings kept.")
            return redirect(f"{reverse('rate_evaluation', args=[page.pk])}?month={month:%Y-%m}")
    context = {
        "page_title": f"Rate {page.title}",
        "header_icon": "calendar-check",
        "page": page,
        "month": month,
        "month_form": month_form if month_form.is_bound else MonthForm({"month": f"{month:%Y-%m}"}),
        "form": form,
    }
    return render(request, "localoffer/admin/rate.html", context)


def header_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """ "Rate this month" on a self-evaluation, for whom it is to do."""
    if page.specific_class is SelfEvaluationPage and evaluation.may_rate(page, user):
        yield Button(
            "Rate by month",
            reverse("rate_evaluation", args=[page.pk]),
            icon_name="calendar-check",
            priority=30,
        )


def log_actions(actions: LogActionRegistry) -> None:
    def told(data: dict[str, Any]) -> str:
        was = data.get("was") or "nothing"
        return f"Rated {data.get('code')} for {data.get('month')}: {was} became {data.get('now')}"

    actions.register_action(evaluation.RATED, "Rate", lambda entry: told(entry.data))


urls = [path("rate/<int:page_id>/", rate, name="rate_evaluation")]
