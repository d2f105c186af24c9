"""The standard's own schemata, with formats checked, and the endpoints they are for."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parent / "schemata"
CHECKED = {"uuid", "uri", "email", "date-time"}
formats = FormatChecker()
# Without its extra packages jsonschema lets every address and moment pass.
assert set(formats.checkers) >= CHECKED


@cache
def _documents() -> dict[str, dict[str, Any]]:
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}


@cache
def validator(name: str) -> Draft202012Validator:
    resources = [
        (file, Resource.from_contents(document, default_specification=DRAFT202012))
        for file, document in _documents().items()
    ]
    registry = Registry().with_resources(resources)
    return Draft202012Validator(_documents()[f"{name}.json"], registry=registry, format_checker=formats)


def faults(name: str, body: Any) -> list[str]:
    """What the standard finds wrong with a body, and every empty value that should be left out."""
    found = [f"{error.json_path}: {error.message[:200]}" for error in validator(name).iter_errors(body)]
    return found + [f"{where} is empty" for where in _empty(body, "$")]


def _empty(value: Any, where: str) -> list[str]:
    if value in (None, "", [], {}) and value is not False and value != 0:
        return [where]
    if isinstance(value, dict):
        return [fault for key, each in value.items() for fault in _empty(each, f"{where}.{key}")]
    if isinstance(value, list):
        return [fault for n, each in enumerate(value) for fault in _empty(each, f"{where}[{n}]")]
    return []


def ids(value: Any) -> list[str]:
    """Every id in a body, in order."""
    if isinstance(value, dict):
        own = [value["id"]] if "id" in value else []
        return own + [found for each in value.values() for found in ids(each)]
    if isinstance(value, list):
        return [found for each in value for found in ids(each)]
    return []
