"""Components that are drawn many times a page: drawn once with holes, and from then on only filled.

Drawing a template costs a hundred times what joining strings does, and a page of results has a hundred boxes
to tick and twenty cards. The HTML stays in the component's own file, which does not know: a hole is a run of
private-use characters that stands where a value will.
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils.autoreload import file_changed
from django.utils.safestring import SafeString

_OPENS, _CLOSES = "\ue0f0", "\ue0f1"
MOST_MOULDS = 4_000

Fixed = tuple[tuple[str, Hashable], ...]


def fill(template: str, values: Mapping[str, str], **fixed: Hashable) -> SafeString:
    """The component with these values, each escaped unless it is safe; as `render_to_string` would draw it,
    without white space around it.

    `values` differ from one to the next: the template may print them or ask whether they are empty, and no
    more. `fixed` are few, and may be used in any way.
    """
    filled = tuple([name for name, value in values.items() if value])
    text, holes = _mould(template, filled, tuple(fixed.items()))
    return SafeString(text % tuple([_escaped(values[name]) for name in holes]))


def _escaped(value: str) -> str:
    """As Django's `conditional_escape`, which costs several times as much: it looks for lazy values."""
    return value if type(value) is SafeString else escape(value)


@lru_cache(maxsize=MOST_MOULDS)
def _mould(template: str, filled: tuple[str, ...], fixed: Fixed) -> tuple[str, tuple[str, ...]]:
    """A text to be filled by "%", and the names of its holes in order."""
    marks = {name: SafeString(f"{_OPENS}{name}{_CLOSES}") for name in filled}
    drawn = render_to_string(template, {**dict(fixed), **marks}).strip().replace("%", "%%")
    hole = re.compile(f"{_OPENS}({'|'.join(filled) or '(?!)'}){_CLOSES}")
    return hole.sub("%s", drawn), tuple(hole.findall(drawn))


@receiver(file_changed, dispatch_uid="localoffer.moulds")
def _forget(**kwargs: Any) -> None:
    """A developer has changed a template, perhaps."""
    _mould.cache_clear()
