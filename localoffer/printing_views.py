"""Documents to print: a section, or the whole offer."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page

from localoffer import printing
from localoffer.authority import authority_of
from localoffer.history import tidy
from localoffer.models import GuidancePage, SectionPage
from localoffer.page_cache import shared
from localoffer.printing import PrintPack

# On paper an address needs its host.
LOCAL_LINK = re.compile(r'(<a\b[^<>]*?\shref=")(/)')


@shared()
@require_safe
def whole_offer(request: HttpRequest) -> HttpResponse:
    """Everything that the sections say, in one document."""
    return _draw(request, printing.whole_offer(authority_of(request), timezone.localdate()))


@shared()
@require_safe
def section(request: HttpRequest, path: str) -> HttpResponse:
    """One section, or page of guidance, as a document."""
    home = authority_of(request).root_page
    address = home.url_path.rstrip("/") + tidy(path.replace("\x00", ""))
    live = Page.objects.descendant_of(home).live().public()
    page = live.type(SectionPage, GuidancePage).filter(url_path=address).specific().first()
    if page is None:
        raise Http404("There is no section to print at this address.")
    return _draw(request, printing.one_section(page, timezone.localdate()))


def _draw(request: HttpRequest, pack: PrintPack) -> HttpResponse:
    host = request.build_absolute_uri("/")[:-1]
    html = render_to_string("localoffer/print_pack.html", {"pack": pack, "host": host}, request)
    frame, mark, document = html.partition('id="main"')
    return HttpResponse(frame + mark + LOCAL_LINK.sub(rf"\g<1>{host}\g<2>", document))
