"""One file of arrays that many processes map at once, so that they share its memory. Pure but for numpy.

A length, that many bytes of JSON (what each array is, where it lies, a checksum of what is read whole), then
the arrays, each at a multiple of 64 bytes.
"""

import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
MAGIC = b"LOSEARCH2\0"
ALIGNED = 64


class Damaged(Exception):
    """A file that is not what `write` wrote."""


def write(path: Path, arrays: Mapping[str, Array], about: Mapping[str, Any]) -> None:
    """Whole or not at all. `about` is plain JSON."""
    where, at = {}, 0
    for name, array in arrays.items():
        where[name] = [array.dtype.str, list(array.shape), at]
        at += -(-array.nbytes // ALIGNED) * ALIGNED
    header = json.dumps({"arrays": where, "size": at, "about": about}).encode()
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            out.write(MAGIC + struct.pack("<QI", len(header), crc32(header)) + header)
            out.write(b"\0" * (-out.tell() % ALIGNED))
            for array in arrays.values():
                out.write(np.ascontiguousarray(array).data.cast("B") if array.nbytes else b"")
                out.write(b"\0" * (-array.nbytes % ALIGNED))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path) -> tuple[dict[str, Array], Any]:
    """The arrays, mapped and not yet read, and what was said of them. Raises OSError, Damaged."""
    with path.open("rb") as file:
        start = file.read(len(MAGIC) + 12)
        if len(start) < len(MAGIC) + 12 or not start.startswith(MAGIC):
            raise Damaged(f"{path} does not begin as it must.")
        length, checksum = struct.unpack("<QI", start[len(MAGIC) :])
        header = file.read(length)
        begins = -(-file.tell() // ALIGNED) * ALIGNED
        size = os.fstat(file.fileno()).st_size
    if crc32(header) != checksum:
        raise Damaged(f"{path} has a damaged header.")
    told = json.loads(header)
    if size != begins + told["size"]:
        raise Damaged(f"{path} is cut short.")
    whole = np.memmap(path, dtype=np.uint8, mode="r") if size else np.zeros(0, dtype=np.uint8)
    found = {}
    for name, (kind, shape, at) in told["arrays"].items():
        dtype = np.dtype(kind)
        count = int(np.prod(shape, dtype=np.int64))
        part = whole[begins + at : begins + at + count * dtype.itemsize]
        found[name] = np.asarray(part).view(dtype).reshape(shape)
    return found, told["about"]
