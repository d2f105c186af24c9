"""What a camera writes into a picture beside the picture: where it was taken, when, by whose telephone.

Wagtail keeps it in what it shows to readers, so a photograph of a family could tell where they live. It is
taken out when a picture comes in, without packing the picture anew. What the picture needs to look right
stays: its colours, and which way up it is.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

ORIENTATION = 0x0112
_PNG, _RIFF = b"\x89PNG\r\n\x1a\n", b"RIFF"
# JPEG: JFIF, colour profiles (if they are ones) and Adobe's colours are kept of what applications add.
_KEPT_BY_APPLICATIONS = (0xE0, 0xEE)
_PNG_TELLS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_WEBP_TELLS, _WEBP_FLAGS = (b"EXIF", b"XMP "), 0b1100


def without_metadata(picture: bytes) -> bytes:
    """The same picture. Raises ValueError for one whose parts cannot be told apart; a kind that cameras
    do not make comes back as it was."""
    if picture.startswith(b"\xff\xd8"):
        return b"".join(_jpeg(picture))
    if picture.startswith(_PNG):
        return b"".join(_png(picture))
    if picture.startswith(_RIFF) and picture[8:12] == b"WEBP":
        body = b"".join(_webp(picture))
        return _RIFF + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    return picture


def _jpeg(picture: bytes) -> Iterator[bytes]:
    """Segments (ITU T.81, annex B): what follows the picture's end, such as a film, is left out too."""
    yield b"\xff\xd8"
    yield _way_up(picture)
    at = 2
    while True:
        start = at
        while picture[at : at + 1] == b"\xff":  # any number may stand before a marker
            at += 1
        kind = picture[at : at + 1]
        if at == start or not kind:
            raise ValueError("no marker where one must be")
        at += 1
        if kind == b"\xd9":
            yield b"\xff\xd9"
            return
        (length,) = struct.unpack_from(">H", picture, at)
        segment = picture[at : at + length]
        if length < 2 or len(segment) < length:
            raise ValueError("a segment is cut off")
        at += length
        if _is_kept(kind[0], segment[2:]):
            yield b"\xff" + kind + segment
        if kind == b"\xda":
            end = _end_of_scan(picture, at)
            yield picture[at:end]
            at = end


def _is_kept(kind: int, content: bytes) -> bool:
    if kind == 0xFE:  # a comment
        return False
    if not 0xE0 <= kind <= 0xEF:
        return True
    return kind in _KEPT_BY_APPLICATIONS or content.startswith(b"ICC_PROFILE\x00")


def _end_of_scan(picture: bytes, at: int) -> int:
    """Where the next marker is: within a scan, 0xFF is followed by 0 or by the number of a restart."""
    while True:
        at = picture.find(b"\xff", at)
        if at < 0 or at + 1 >= len(picture):
            raise ValueError("the picture has no end")
        following = picture[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return at
        at += 2


def _way_up(picture: bytes) -> bytes:
    with Image.open(BytesIO(picture)) as opened:
        orientation = opened.getexif().get(ORIENTATION)
    if orientation not in range(2, 9):
        return b""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    content = exif.tobytes()
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def _png(picture: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", picture, at)
        if at + length + 12 > len(picture):
            raise ValueError("a chunk is cut off")
        if kind not in _PNG_TELLS:
            yield picture[at : at + length + 12]
        if kind == b"IEND":
            return
        at += length + 12


def _webp(picture: bytes) -> Iterator[bytes]:
    at = 12
    end = min(len(picture), 8 + struct.unpack_from("<I", picture, 4)[0])
    while at + 8 <= end:
        kind, length = struct.unpack_from("<4sI", picture, at)
        chunk = picture[at : at + 8 + length + length % 2]
        if len(chunk) < 8 + length:
            raise ValueError("a chunk is cut off")
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if kind not in _WEBP_TELLS:
            yield chunk
        at += len(chunk)
