"""Public pages of the directory."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from localoffer.frame import Frame
from localoffer.page_cache import shared
from services.detail import for_page, hold_labels, page_context
from services.models import Service


def _visible(frame: Frame, pk: int) -> Service:
    """A live service within the reach of this site's authority, or not found."""
    visible = Service.objects.live().visible_to(frame.site) if frame.site else Service.objects.none()
    return hold_labels(get_object_or_404(for_page(visible), pk=pk))


def _kept_instead_of(frame: Frame, pk: int) -> Service:
    """The live entry that a merged one's address leads to, or not found."""
    merged = Service.objects.filter(pk=pk, live=False).exclude(merged_into=None)
    kept = merged.values_list("merged_into", flat=True).first()
    if kept is None:
        raise Http404("There is no such service.")
    return _visible(frame, kept)


@shared()
@require_safe
def detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One service, where it is live and within the reach of this site's authority."""
    frame = Frame(request)
    try:
        service = _visible(frame, pk)
    except Http404:
        return redirect(_kept_instead_of(frame, pk), permanent=True)
    if slug != service.slug:
        return redirect(service, permanent=True)
    root = request.build_absolute_uri("/")[:-1]
    return render(request, "services/detail.html", page_context(service, frame.council, root=root))


@shared()
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions of one service as a calendar file; not found where no day is known."""
    from services.calendars import MEDIA_TYPE, calendar_of  # only who wants a calendar waits for it

    service = _visible(Frame(request), pk)
    content = calendar_of(service, address=request.build_absolute_uri(service.get_absolute_url()))
    if content is None:
        raise Http404("No session of this service has a day that we know.")
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{service.slug}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response
