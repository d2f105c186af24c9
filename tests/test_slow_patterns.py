"""No regular expression of ours takes more than its share of work over long hostile words.

What is measured is growth: four times the words may take about four times the work, as a list of
words that any pattern is slow at is tried. Sixteen times is a pattern that somebody can hang us by.
"""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _parser as parser
from typing import Any

from localoffer.apps import OURS

SMALL, LARGE = 500, 2_000
# Between linear (4) and quadratic (16) growth, in processor time that is worth speaking of.
MOST_GROWTH, WORTH_TELLING = 9.0, 0.004


def sources() -> Iterator[tuple[str, Any]]:
    """(name, module) of every module of ours."""
    for app in OURS:
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" not in found.name and not found.name.endswith((".wsgi", ".settings")):
                yield found.name, importlib.import_module(found.name)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern that a module holds, and every one that is written where it is used."""
    for name, module in sources():
        for key, value in vars(module).items():
            held = value if isinstance(value, list | tuple | set | frozenset) else [value]
            if isinstance(value, dict):
                held = list(value.values())
            for each in held:
                if isinstance(each, re.Pattern) and isinstance(each.pattern, str):
                    yield f"{name}.{key}", each
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_of_re(node.func) and node.args:
                words = node.args[0]
                if isinstance(words, ast.Constant) and isinstance(words.value, str):
                    yield f"{name}:{node.lineno}", re.compile(words.value)


def _is_of_re(func: ast.expr) -> bool:
    """A call of a function of `re`; what is compiled is met under its name."""
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and (func.value.id, func.attr != "compile") == ("re", True)
    )


def letters(tree: Any) -> Iterator[str]:
    """One letter for each thing that a pattern looks for."""
    for kind, value in tree:
        name = str(kind)
        if name in ("LITERAL", "NOT_LITERAL"):
            yield chr(value)
        elif name == "IN":
            yield from letters([each for each in value if str(each[0]) in ("LITERAL", "RANGE", "CATEGORY")])
        elif name == "RANGE":
            yield chr(value[0])
        elif name == "CATEGORY":
            yield {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(value), "-")
        elif name == "ANY":
            yield "a"
        elif name == "SUBPATTERN" or name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from letters(value[-1])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from letters(branch)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from letters(value[1])


def attacks(pattern: re.Pattern[str]) -> list[str]:
    """Pieces to be said again and again, of what the pattern looks for."""
    found = list(dict.fromkeys(letters(parser.parse(pattern.pattern, pattern.flags))))[:14]
    plain = "".join(found)
    pairs = [a + b for a, b in zip(found, found[1:], strict=False)]
    return list(dict.fromkeys([*found, *pairs, plain, plain[:2], "a", " ", "0", "a ", "\n", "<a "]))


def only_from_the_start(names: Iterable[str]) -> set[str]:
    """Names of patterns that are never looked for within a text, only at one place of it."""
    text = "\n".join(Path(module.__file__).read_text(encoding="utf-8") for _, module in sources())
    uses: dict[str, set[str]] = {}
    for name, method in re.findall(r"\b(\w+)\.(search|match|fullmatch|sub|split|find\w+)\(", text):
        uses.setdefault(name, set()).add(method)
    return {name for name in names if uses.get(name.rpartition(".")[2], {"search"}) <= {"match", "fullmatch"}}


def work(pattern: re.Pattern[str], text: str, at_start: bool) -> float:
    """Seconds of processor time to look through a text once, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        if at_start:
            pattern.match(text)
            pattern.fullmatch(text)
        else:
            for _ in pattern.finditer(text):
                pass
        best = min(best, time.process_time() - start)
        if best > 0.3:
            break
    return best


def growth(pattern: re.Pattern[str], piece: str, at_start: bool) -> float:
    """How many times the work four times the words are; 0 where it is too little to tell."""
    before = now = 0.0
    for size in (20, 40, SMALL, LARGE):  # a pattern that doubles with each letter is met early
        text = (piece * (size // len(piece) + 1))[:size] + "\x00!"
        before, now = now, work(pattern, text, at_start)
        if size < SMALL and now > WORTH_TELLING:
            return float("inf")
    return now / max(before, 1e-6) if now > WORTH_TELLING else 0.0


def slow(pattern: re.Pattern[str], at_start: bool = False) -> list[str]:
    """The pieces at which a pattern is slow. What looks slow is measured again, and again."""
    return [
        piece
        for piece in attacks(pattern)
        if all(growth(pattern, piece, at_start) > MOST_GROWTH for _ in range(3))
    ]


def test_measure_when_a_pattern_is_slow_then_it_is_seen():
    assert slow(re.compile(r"(?:a+)+b"))
    assert slow(re.compile(r"\s+$"))
    assert not slow(re.compile(r"\s+$"), at_start=True)
    assert not slow(re.compile(r"\b[a-z]+@"))


def test_patterns_when_words_are_long_and_hostile_then_work_grows_with_them_and_no_more():
    found = dict(patterns())
    assert len(found) > 150, len(found)
    at_start = only_from_the_start(found)
    wrong = {name: pieces for name, pattern in found.items() if (pieces := slow(pattern, name in at_start))}
    assert not wrong, "\n".join(f"{name}: {found[name].pattern[:100]} {wrong[name]}" for name in wrong)
