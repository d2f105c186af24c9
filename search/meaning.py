"""What words mean, as numbers: texts about the same thing lie close together.

The vectors are WordLlama's (MIT licence): one for each piece of a word, shipped as files inside its package
and read from there, since its own loader would look for them on the network. A text is the mean of its
pieces, so there is no model to run: 0.02 ms for a query. Without the package there is no closeness, and
search ranks by words alone.
"""

import logging
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

logger = logging.getLogger(__name__)

SIZE = 256
LONGEST_TEXT = 2_000
# The fields that say what something is, with their worth; long descriptions blur it.
PARTS: tuple[tuple[tuple[str, ...], float], ...] = (
    (("name", "summary", "keywords"), 1.0),
    (("topics",), 0.5),
)
_FULL = 127

Vector = NDArray[np.float32]


@lru_cache(maxsize=1)
def _files() -> tuple[Any, NDArray[np.float16]] | None:
    """The tokenizer and the vector of each token; None without the package."""
    package = find_spec("wordllama")
    if not package or not package.submodule_search_locations:
        logger.warning("The package wordllama is not installed: search ranks by words alone.")
        return None
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    folder = Path(package.submodule_search_locations[0])
    tokens = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    tokens.no_padding()
    tokens.no_truncation()
    (weights,) = load_file(folder / "weights" / "l2_supercat_256.safetensors").values()
    return tokens, weights


@lru_cache(maxsize=1_024)
def vector(text: str) -> Vector | None:
    """The unit vector of a text; None when it says nothing, or without the package."""
    files = _files()
    if not files or not text.strip():
        return None
    tokens, weights = files
    ids = tokens.encode(text[:LONGEST_TEXT], add_special_tokens=False).ids
    return _unit(weights[ids].astype(np.float32).mean(axis=0)) if ids else None


def _unit(vector: Vector) -> Vector | None:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else None


def of_document(texts: Mapping[str, str]) -> bytes:
    """A document's vector in `SIZE` bytes (signed, its largest number 127); empty when there is none."""
    total = np.zeros(SIZE, dtype=np.float32)
    for names, worth in PARTS:
        found = vector(" . ".join(texts[name] for name in names if texts.get(name)))
        if found is not None:
            total += np.float32(worth) * found
    largest = float(np.abs(total).max())
    return np.round(total * (_FULL / largest)).astype(np.int8).tobytes() if largest else b""
