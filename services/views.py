"""Public pages of the directory."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from localoffer.frame import Frame
from services.detail import for_page, page_context
from services.models import Service


@require_safe
def detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One service, where it is live and within the reach of this site's authority."""
    frame = Frame(request)
    visible = Service.objects.live().visible_to(frame.site) if frame.site else Service.objects.none()
    service = get_object_or_404(for_page(visible), pk=pk)
    if slug != service.slug:
        return redirect(service, permanent=True)
    return render(request, "services/detail.html", page_context(service, frame.council))
