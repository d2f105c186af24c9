"""The package for anybody: a page that says what each column holds, and the files."""

import os
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db.models import Count, Max
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import condition, require_safe
from wagtail.models import Site

from localoffer.frame import Frame
from localoffer.open_data import open_to_all
from localoffer.page_cache import A_MINUTE_AND_WHILE_ASKING, shared
from localoffer.throttle import is_flood
from services.models import Location, Service
from services.package.downloads import DOWNLOADS, made, words_of
from services.package.schema import tables

HOURLY = 60
TOO_MANY = "You have taken many files this hour. Please try again in an hour."
DATA = "open-data"


@open_to_all
@shared(A_MINUTE_AND_WHILE_ASKING)
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Every table and column in plain words, and the files to take."""
    context = {
        "crumbs": Frame(request).home_crumbs,
        "downloads": [download for download in DOWNLOADS.values() if download.public],
        "tables": [
            (table, [(column, column.about or column.title, words_of(column)) for column in table.columns])
            for table in tables().values()
        ],
    }
    return render(request, "services/package.html", context)


def fingerprint(authority: Site) -> str:
    """A mark of what the public may see: it moves when a service does, or when a place hides.

    A service whose organisation or place changes counts as changed itself.
    """
    seen = Service.objects.live().owned_by(authority).aggregate(Count("pk"), Max("modified_at"))
    hidden = Location.objects.filter(authority=authority, address_hidden=True).order_by("pk")
    today = timezone.localdate()
    marks = [authority.pk, *seen.values(), today, *hidden.values_list("pk", flat=True)]
    return blake2b(" ".join(map(str, marks)).encode(), digest_size=12).hexdigest()


def _etag(request: HttpRequest, name: str) -> str | None:
    site = Site.find_for_request(request)
    return f'"{fingerprint(site)}"' if name == DATA and site is not None else None


@open_to_all
@require_safe
@condition(etag_func=_etag)
def download(request: HttpRequest, name: str) -> HttpResponse:
    """One file. The data is written when it has changed, and served from then on."""
    site = Site.find_for_request(request)
    if site is None or name not in DOWNLOADS or not DOWNLOADS[name].public:
        raise Http404
    if is_flood(request, name="package", hourly=HOURLY):
        return HttpResponse(TOO_MANY, status=429, content_type="text/plain; charset=utf-8")
    file = ready(site).open("rb") if name == DATA else made(name, site)
    response = FileResponse(file, as_attachment=True, filename=DOWNLOADS[name].file_name)
    response["Cache-Control"] = "public, no-cache"
    return response


def ready(authority: Site) -> Path:
    """The public package as it is now, written only where it is not there yet."""
    folder = Path(settings.IMPORTS_ROOT) / DATA
    path = folder / f"{authority.pk}-{fingerprint(authority)}.zip"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, delete=False) as out:
            DOWNLOADS[DATA].write(out, authority)
        os.replace(out.name, path)
        _forget_older(folder, path, authority)
    return path


def _forget_older(folder: Path, current: Path, authority: Site) -> None:
    """Earlier packages of a council, and pieces that a stopped server left."""
    stale = (timezone.now() - timedelta(hours=1)).timestamp()
    for path in folder.iterdir():
        is_older = path.name.startswith(f"{authority.pk}-") and path != current
        if is_older or (path.suffix != ".zip" and path.stat().st_mtime < stale):
            path.unlink(missing_ok=True)
