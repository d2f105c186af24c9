"""Films of the document library, a part at a time: a player asks for parts so that people can jump,
and some browsers play nothing without."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse

FILMS = frozenset({"mp4", "webm"})
# RFC 9110, 14.1.2: one range of bytes. Several at once are answered with the whole film.
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")
# A longer part is answered with its beginning, and the player asks for the rest.
MOST = 4 * 1024 * 1024


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range header asks for; None where it is not one range.

    Raises ValueError for a range that the file does not have.
    """
    match = RANGE.match(asked)
    if not match or match[0] == "bytes=-":
        return None
    if not match[1]:
        first, last = max(size - int(match[2]), 0), size - 1
    else:
        first, last = int(match[1]), min(int(match[2] or size), size - 1)
    if first > last:
        raise ValueError("The file has no such part.")
    return first, last


def serve_part(document: Any, request: HttpRequest) -> HttpResponse | None:
    """For Wagtail's hook `before_serve_document`, after its guards: the part asked for, or nothing
    where the whole document is wanted."""
    asked = request.headers.get("Range", "")
    if not asked or document.file_extension.lower() not in FILMS:
        return None
    size = document.file.size
    try:
        part = part_of(asked, size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return None
    first, last = part[0], min(part[1], part[0] + MOST - 1)
    with document.file.storage.open(document.file.name) as opened:
        opened.seek(first)
        piece = opened.read(last - first + 1)
    return HttpResponse(
        piece,
        status=206,
        content_type=document.content_type,
        headers={
            "Content-Range": f"bytes {first}-{last}/{size}",
            "Accept-Ranges": "bytes",
            "X-Content-Type-Options": "nosniff",
        },
    )
