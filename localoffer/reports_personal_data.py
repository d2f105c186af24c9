"""In the admin: what is kept about people, why and for how long; and one person's data."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.models import Site

from localoffer import personal_data
from localoffer.belonging import authorities_of, site_of
from localoffer.personal_data import Held, Identity, Kept, Subject
from localoffer.spreadsheets import WRITERS

HEADINGS = ("What", "Whose", "Why", "Lawful basis", "How long", "Deleted by", "Who sees it")


class IdentityForm(forms.Form):
    """One of the three is enough. Sent by POST, so that it stands in no address and no log of addresses."""

    email = forms.EmailField(required=False, label="Their email address")
    phone = forms.CharField(required=False, max_length=40, label="Their phone number")
    reference = forms.CharField(required=False, max_length=40, label="Number of a comment")
    reason = forms.CharField(
        required=False, max_length=300, label="Reason, to erase", help_text="For the record. Name nobody."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (self.errors or any(cleaned.get(name) for name in ("email", "phone", "reference"))):
            raise forms.ValidationError("Give an email address, a phone number or a number of a comment.")
        return cleaned

    @property
    def who(self) -> Identity:
        return Identity(*(self.cleaned_data[name].strip() for name in ("email", "phone", "reference")))


@require_safe
def kept_report(request: HttpRequest) -> HttpResponseBase:
    """Every declaration; a file of it is the record that data protection law asks for."""
    site = site_of(request)
    rows = [_cells(kept, site) for kept in personal_data.declared()]
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        return write("personal-data", HEADINGS, rows)
    context = {
        "page_title": "Personal data",
        "header_icon": "lock",
        "headings": HEADINGS,
        "rows": rows,
        "may_find": bool(_allowed(request)),
    }
    return render(request, "localoffer/admin/personal_data.html", context)


def _cells(kept: Kept, site: Site) -> tuple[str, ...]:
    return (kept.what, kept.whose, kept.why, kept.basis, kept.how_long(site), kept.removed_by, kept.seen_by)


def _allowed(request: HttpRequest) -> list[tuple[Kept, Subject]]:
    """Only what this officer may read anyway."""
    return [
        (kept, subject)
        for kept, subject in personal_data.subjects()
        if request.user.has_perm(subject.right) and authorities_of(request.user, subject.right)
    ]


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def person_report(request: HttpRequest) -> HttpResponse:
    """Find what is kept about one person; give it as a file, or erase it."""
    allowed = _allowed(request)
    if not allowed:
        raise PermissionDenied("You may not look up a person's data.")
    form = IdentityForm(request.POST or None)
    found: list[tuple[Kept, Subject, list[Held]]] = []
    if request.method == "POST" and form.is_valid():
        site = site_of(request, *(subject.right for _, subject in allowed))
        allowed = [pair for pair in allowed if site in authorities_of(request.user, pair[1].right)]
        found = [(kept, subject, subject.find(site, form.who)) for kept, subject in allowed]
        if "file" in request.POST:
            return _file(found)
        if "erase" in request.POST:
            if not form.cleaned_data["reason"].strip():
                form.add_error("reason", "Give a reason, for the record.")
            else:
                _erase(request, site, found, form.cleaned_data["reason"])
                return redirect("personal_data_person")
    context = {
        "page_title": "A person’s data",
        "header_icon": "user",
        "form": form,
        "searched": form.is_bound and not form.non_field_errors() and form.is_valid(),
        "found": [held for _, _, helds in found for held in helds],
        "theirs": sum(held.is_theirs for _, _, helds in found for held in helds),
    }
    return render(request, "localoffer/admin/person.html", context)


def _file(found: list[tuple[Kept, Subject, list[Held]]]) -> HttpResponse:
    data = {
        kept.key: [{"title": h.title, "theirs": h.is_theirs, **h.data} for h in helds]
        for kept, _, helds in found
    }
    response = HttpResponse(
        json.dumps(data, indent=2, ensure_ascii=False), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="person-{timezone.localdate().isoformat()}.json"'
    return response


def _erase(
    request: HttpRequest, site: Site, found: list[tuple[Kept, Subject, list[Held]]], reason: str
) -> None:
    user = request.user
    may = [(s, helds) for _, s, helds in found if site in authorities_of(user, s.erase_right)]
    gone = sum(
        subject.erase(site=site, keys=[h.key for h in helds if h.is_theirs], by=user, reason=reason)
        for subject, helds in may
    )
    if len(may) < len(found):
        messages.warning(request, "Some of it stays: you may read it, and may not change it.")
    messages.success(request, f"{gone} erased. What is public stays, for nobody can be told by it.")


def menu_item() -> MenuItem:
    return MenuItem("Personal data", reverse("personal_data"), icon_name="lock", order=150)


urls = [
    path("personal-data/", kept_report, name="personal_data"),
    path("personal-data/person/", person_report, name="personal_data_person"),
]
