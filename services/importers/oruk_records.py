"""Services out of a file of Open Referral JSON, one at a time: memory does not grow with the file.

The file is a page as the standard's API sends it, a list, one service, or one of these on each line
(which is how `oruk_feed` keeps what it fetched).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from services.importers.base import UnusableFile

Record = dict[str, Any]

MAX_BYTES = 500 * 1024 * 1024
MAX_RECORD = 2 * 1024 * 1024
DEEPEST = 40
# Of the whole file. The parser spells out the way to each value: a million brackets took 22 GB of memory.
MOST_NESTED, LONGEST_KEY = 500, 10_000
# What a page calls its list, in this version of the standard and the ones before.
LISTS = ("contents", "content")
NOT_JSON = "is not JSON of Open Referral services."
_NEVER_STORED = re.compile("[\x00\ud800-\udfff]")


class BadRecord(ValueError):
    """What is wrong with one record, in a sentence."""


def records(path: Path) -> Iterator[tuple[int, Record | BadRecord]]:
    """(number, record) of each service of the file, or what is wrong with it, from 1.

    Raises UnusableFile when the file is none of ours, or stops being JSON on the way.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnusableFile(f"{path.name} is larger than {MAX_BYTES // 1024 // 1024} MB.")
        with path.open("rb") as file:
            yield from enumerate(_found(file, path.name), start=1)
    except OSError as error:
        raise UnusableFile(f"{path.name} cannot be read.") from error


def _found(file: BinaryIO, name: str) -> Iterator[Record | BadRecord]:
    first = file.readline(MAX_RECORD)
    file.seek(0)
    start = first.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start not in (b"{", b"["):
        raise UnusableFile(f"{name} {NOT_JSON}")
    if start == b"{" and isinstance(_loaded(first), dict):
        yield from _lines(file)
    elif start == b"[":
        yield from _streamed(file, "item", name)
    else:
        yield from _pages(file, name)


def _pages(file: BinaryIO, name: str) -> Iterator[Record | BadRecord]:
    """A page over many lines, or one service over many lines."""
    for key in LISTS:
        file.seek(0)
        found = False
        for record in _streamed(file, f"{key}.item", name):
            found = True
            yield record
        if found:
            return
    file.seek(0)
    whole = _loaded(file.read(MAX_RECORD + 1)[:MAX_RECORD])
    if not isinstance(whole, dict) or "id" not in whole:
        raise UnusableFile(f"{name} {NOT_JSON} A page of services has a list called “contents”.")
    yield whole


def _lines(file: BinaryIO) -> Iterator[Record | BadRecord]:
    """Services, or pages of them, one on each line."""
    while line := file.readline(MAX_RECORD + 1):
        if len(line) > MAX_RECORD:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_RECORD)
            yield BadRecord("The record is too long.")
        elif line.strip():
            yield from _each(_loaded(line))


def _each(value: Any) -> Iterator[Record | BadRecord]:
    """A service, or each service of a page."""
    listed = next((value[key] for key in LISTS if isinstance(value.get(key), list)), None) \
        if isinstance(value, dict) else None  # fmt: skip
    for record in [value] if listed is None else listed:
        yield record if isinstance(record, dict) else BadRecord("It is not a JSON object.")


def _loaded(text: bytes) -> Any:
    """The value of JSON text; BadRecord as a value where it is none."""
    try:
        value = json.loads(text.decode("utf-8-sig"), parse_constant=_refuse)
        return storable(value)
    except (ValueError, RecursionError):
        return BadRecord("It is not JSON.")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON.")


def storable(value: Any, depth: int = 0) -> Any:
    """The value without characters that no database holds. BadRecord (raised) when it is too deep."""
    if depth > DEEPEST:
        raise BadRecord("It is nested too deeply.")
    if isinstance(value, str):
        return _NEVER_STORED.sub("", value)
    if isinstance(value, dict):
        return {storable(key): storable(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [storable(each, depth + 1) for each in value]
    return value


def _streamed(file: BinaryIO, prefix: str, name: str) -> Iterator[Record | BadRecord]:
    """The items of a list anywhere in a file, each built only while it is small and shallow."""
    try:
        for record in _items(file, prefix):
            if isinstance(record, BadRecord):
                yield record
            elif isinstance(record, dict):
                yield storable(record)
            else:
                yield BadRecord("It is not a JSON object.")
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise UnusableFile(f"{name} stops being JSON of services on the way.") from error


def _items(file: BinaryIO, prefix: str) -> Iterator[Any]:
    """As `ijson.items`, but bounded: what grows too large or deep is passed over and said."""
    builder, depth, size = None, 0, 0
    for where, event, value in ijson.parse(_shallow(ijson.basic_parse(file, use_float=True))):
        if builder is None:
            if where != prefix:
                continue
            builder, depth, size = ijson.ObjectBuilder(), 0, 0
        opens, closes = event in ("start_map", "start_array"), event in ("end_map", "end_array")
        depth += opens - closes
        size += 8 + (len(value) if isinstance(value, str) else 0)
        if size <= MAX_RECORD and depth <= DEEPEST:
            builder.event(event, value)
        else:
            size = MAX_RECORD + 1
        if depth == 0 and event != "map_key":
            yield builder.value if size <= MAX_RECORD else BadRecord("The record is too large or deep.")
            builder = None


def _shallow(events: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The same, until they go deeper than any file of services, or name something by half a book."""
    depth = 0
    for event, value in events:
        if event == "map_key":
            if len(value) > LONGEST_KEY:
                raise ijson.JSONError("A name is too long.")
        elif event in ("start_map", "start_array"):
            depth += 1
            if depth > MOST_NESTED:
                raise ijson.JSONError("It is nested too deeply.")
        elif event in ("end_map", "end_array"):
            depth -= 1
        yield event, value
