"""The editor's guide in the admin, for everybody who may sign in there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from localoffer.editors_guide import chapters


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Every chapter, one a line."""
    context = {"page_title": "Guide", "header_icon": "help", "chapters": chapters()}
    return render(request, "localoffer/admin/guide.html", context)


@require_safe
def chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """One chapter, and the way to the others."""
    for place, found in enumerate(chapters()):
        if found.slug == slug:
            after = chapters()[place + 1 : place + 2]
            break
    else:
        raise Http404("There is no such chapter.")
    context = {
        "page_title": found.title,
        "header_icon": "help",
        "chapter": found,
        "chapters": chapters(),
        "after": after[0] if after else None,
    }
    return render(request, "localoffer/admin/guide_chapter.html", context)


def menu_item() -> MenuItem:
    return MenuItem("Guide", reverse("guide"), icon_name="help", order=9_000)


urls = [
    path("guide/", contents, name="guide"),
    path("guide/<slug:slug>/", chapter, name="guide_chapter"),
]
