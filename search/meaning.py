"""What words mean, as numbers: texts about the same thing lie close together.

The vectors are WordLlama's (MIT licence): one for each piece of a word, shipped as files inside its package
and read from there, since its own loader would look for them on the network. A text is the mean of its
pieces, so there is no model to run: 0.02 ms for a query. Without the package there is no closeness, and
search ranks by words alone.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
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
# Tokens are numbered by how common they are; the later ones hold words of other languages.
COMMON_TOKENS = 12_000

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
    # It would keep the pieces of the last 10,000 texts, some 40 MB, and no two texts are the same.
    tokens.model._resize_cache(0)
    (weights,) = load_file(folder / "weights" / "l2_supercat_256.safetensors").values()
    return tokens, weights


@lru_cache(maxsize=1_024)
def vector(text: str) -> Vector | None:
    """The unit vector of a text; None when it says nothing, or without the package."""
    return _vectors([text])[text]


def is_common(word: str) -> bool:
    """Whether a word is so common in written English that it is one of the first tokens: nobody's slip for
    another. False without the package."""
    files = _files()
    token = files[0].token_to_id(f"▁{word}") if files else None
    return token is not None and token < COMMON_TOKENS


def _vectors(texts: Collection[str]) -> dict[str, Vector | None]:
    """Text to its unit vector, all cut into pieces at once: the tokenizer then uses every core."""
    found: dict[str, Vector | None] = dict.fromkeys(texts)
    files = _files()
    said = [text for text in found if text.strip()]
    if not files or not said:
        return found
    tokens, weights = files
    cut = tokens.encode_batch_fast([text[:LONGEST_TEXT] for text in said], add_special_tokens=False)
    for text, pieces in zip(said, cut, strict=True):
        if pieces.ids:
            found[text] = _unit(weights[pieces.ids].astype(np.float32).mean(axis=0))
    return found


def _unit(vector: Vector) -> Vector | None:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else None


def of_documents(documents: Sequence[Mapping[str, str]]) -> list[bytes]:
    """The vector of each document in `SIZE` bytes (signed, its largest number 127); empty without one."""
    parts = [
        [(" . ".join(texts[name] for name in names if texts.get(name)), worth) for names, worth in PARTS]
        for texts in documents
    ]
    known = _vectors({text for texts in parts for text, _ in texts})
    return [_packed([(known[text], worth) for text, worth in texts]) for texts in parts]


def _packed(vectors: Iterable[tuple[Vector | None, float]]) -> bytes:
    total = np.zeros(SIZE, dtype=np.float32)
    for found, worth in vectors:
        if found is not None:
            total += np.float32(worth) * found
    largest = float(np.abs(total).max())
    return np.round(total * (_FULL / largest)).astype(np.int8).tobytes() if largest else b""
