"""The coverage report in the admin: filter, export, sign off."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Site

from localoffer.belonging import authorities_of, site_of
from localoffer.blocks import SECTION_WORDS
from localoffer.coverage import PART_LABELS, STATUS_WORDS, Audit, Finding, Status, audit
from localoffer.coverage_tables import STATUS_TAGS, TABLE_HEADINGS, as_rows
from localoffer.day_input import DayInput
from localoffer.history import sections_as_of
from localoffer.models import SECTION_PAGES, CoverageSnapshot, SectionPage, SignOff
from localoffer.regulations import WEIGHT_WORDS, Section, Weight, is_requirement
from localoffer.signing import sign_off
from localoffer.spreadsheets import WRITERS

FINE = (Status.MET, Status.NOT_APPLICABLE)


class CoverageFilter(forms.Form):
    """Which findings to show; anything unknown is ignored."""

    section = forms.ChoiceField(
        required=False, choices=[("", "Every section"), *((s.value, w) for s, w in SECTION_WORDS.items())]
    )
    weight = forms.ChoiceField(
        required=False, choices=[("", "Every weight"), *((k.value, w) for k, w in WEIGHT_WORDS.items())]
    )
    status = forms.ChoiceField(
        required=False, choices=[("", "Every status"), *((k.value, w) for k, w in STATUS_WORDS.items())]
    )

    on = forms.DateField(
        required=False,
        label="As it was on",
        widget=DayInput(),
        help_text="Pages as they were that day. Services published then, with their facts of today.",
    )

    def day(self) -> date | None:
        """The day in the past that was asked for; None for today, a day to come or nonsense."""
        self.is_valid()
        day = self.cleaned_data.get("on")
        return day if day and day < timezone.localdate() else None

    def chosen(self, result: Audit) -> list[Finding]:
        """The findings that pass; an invalid filter passes everything."""
        self.is_valid()
        wanted = self.cleaned_data
        return [
            f
            for f in result.findings
            if (not wanted.get("section") or f.requirement.section is Section(wanted["section"]))
            and (not wanted.get("weight") or f.requirement.weight is Weight(wanted["weight"]))
            and (not wanted.get("status") or f.status is Status(wanted["status"]))
        ]


class SignOffForm(forms.Form):
    name = forms.CharField(max_length=150, label="Your name and role")
    note = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


def edit_address(finding: Finding, site: Site, sections: dict[Section, int]) -> str:
    """Where to mend it: what the directory lacks where only that is wrong, the block of the page that
    answers it, its section, or a new page of that section."""
    section = finding.requirement.section
    lacks = _directory_address(finding)
    if lacks:
        return lacks
    if finding.pages:
        page = finding.pages[0]
        block = f"#block-{page.block_id}-section" if page.block_id else ""
        return reverse("wagtailadmin_pages:edit", args=[page.page_id]) + block
    page_id = sections.get(section, 0)
    if page_id:
        return reverse("wagtailadmin_pages:edit", args=[page_id])
    model = SECTION_PAGES[section]._meta.model_name
    return reverse("wagtailadmin_pages:add", args=["localoffer", model, site.root_page_id])


def _directory_address(finding: Finding) -> str:
    """The first part that is wrong, where it is of the directory; empty where it is of a page."""
    wrong = next((part for part in finding.parts if part.status not in FINE), None)
    if wrong is None or wrong.name in PART_LABELS:
        return ""
    return next((address(wrong.name) for address in hooks.get_hooks("register_evidence_address")), "")


def sections_of(site: Site) -> dict[Section, int]:
    """The page of each section that is there, live or draft."""
    pages = SectionPage.objects.descendant_of(site.root_page).select_related("content_type")
    return {page.specific_class.section: page.pk for page in pages if page.specific_class}


@require_safe
def coverage_report(request: HttpRequest) -> HttpResponseBase:
    """Every requirement, its status and why, with what would mend it."""
    site = site_of(request)
    form = CoverageFilter(request.GET)
    day = form.day()
    result = audit(site, day, sections_as_of(site, day)) if day else audit(site)
    findings = form.chosen(result)
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        return write(f"coverage-{result.today.isoformat()}", TABLE_HEADINGS, as_rows(findings))
    sections = sections_of(site)
    rows = [
        {
            "finding": f,
            "words": STATUS_WORDS[f.status],
            "tag": STATUS_TAGS[f.status],
            "edit": edit_address(f, site, sections),
        }
        for f in findings
    ]
    context = {
        "page_title": "Coverage",
        "header_icon": "tasks",
        "audit": result,
        "day": day,
        "form": form,
        "rows": rows,
        "scores": [(WEIGHT_WORDS[w], result.score(w), result.count(weight=w).total()) for w in Weight],
        "trend": list(CoverageSnapshot.objects.filter(authority=site).order_by("-taken_on")[:12]),
        "can_sign": site in authorities_of(request.user, "localoffer.add_signoff"),
        "sign_form": SignOffForm(initial={"name": request.user.get_full_name() or request.user.username}),
        "query": _without_export(request),
    }
    return render(request, "localoffer/admin/coverage.html", context)


def _without_export(request: HttpRequest) -> str:
    query: Any = request.GET.copy()
    query.pop("export", None)
    return query.urlencode()


@require_POST
def sign_requirement(request: HttpRequest, key: str) -> HttpResponse:
    """A named person says that a requirement is met."""
    if not request.user.has_perm("localoffer.add_signoff"):
        raise PermissionDenied
    if not is_requirement(key):
        raise Http404("That is not a requirement.")
    site, form = site_of(request, "localoffer.add_signoff"), SignOffForm(request.POST)
    finding = next(f for f in audit(site).findings if f.requirement.key == key)
    if finding.status is not Status.MET:
        messages.error(request, f"Not signed off: {STATUS_WORDS[finding.status].lower()}. Mend it first.")
    elif form.is_valid():
        made: SignOff = sign_off(authority=site, requirement=key, user=request.user, **form.cleaned_data)
        messages.success(request, f"Signed off by {made.name}.")
    else:
        messages.error(request, "Not signed off: give your name and role.")
    return redirect(f"{reverse('coverage_report')}#{key}")


def menu_item() -> MenuItem:
    return MenuItem("Coverage", reverse("coverage_report"), icon_name="tasks", order=100)


urls = [
    path("coverage/", coverage_report, name="coverage_report"),
    path("coverage/<str:key>/sign/", sign_requirement, name="sign_requirement"),
]
