"""The tables and columns of the package, made from the facts of the directory.

A fact that `services.importers.facts` knows has a column here without a further word, so the package,
its documentation and `datapackage.json` cannot fall behind the entry.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import models

from services.enums import Day
from services.fields import KeysField
from services.importers.facts import AT, LOCATION, MANY, ORGANISATION, ROWS, SERVICE, Kind

LIST = "list"
SEPARATOR = "; "
# Facts whose words staff may explain (`meanings.SUBJECTS`), where the name alone does not say so.
_SUBJECTS = {"categories": "category", "needs": "need", "kind": "cost", "when": "when"}
_SAME_NAME = ("section", "level", "scope", "provider_type")
_ABOUT = {
    "id": "Your own id for it. It never changes and is never used again.",
    "version": "Leave this as it is. It says which version you took away, so that your changes are safe.",
    "organisation": "The id of its organisation, in organisations.csv.",
    "locations": f"The ids of its places, in locations.csv, with “{SEPARATOR.strip()}” between them.",
    "location": "The id of the place it is at, where it is at one alone.",
    "service": "The id of the service it belongs to.",
    "categories": "Kinds of help.",
    "needs": "Kinds of need.",
    "conditions": "Conditions that families name, such as epilepsy.",
    "serves": "Other councils of this installation whose families can use it.",
    "days": "Days of the week.",
}
_TYPES: tuple[tuple[type[models.Field], str], ...] = (
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.FloatField, "number"),
    (models.DecimalField, "number"),
    (models.DateField, "date"),
    (models.TimeField, "time"),
    (models.JSONField, LIST),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `type` is Frictionless's, or LIST: words with a semicolon between them.

    `subject` names the vocabulary of its words, `choices` what else it may hold (key to label).
    `exact` numbers are money: their pence are kept as written. One that is not `blank` and not
    `required` has a default.
    """

    name: str
    type: str = "string"
    title: str = ""
    about: str = ""
    subject: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    max_length: int | None = None
    format: str = "default"
    required: bool = False
    blank: bool = True
    exact: bool = False

    def as_field(self) -> dict[str, Any]:
        """The column as Frictionless describes it."""
        described: dict[str, Any] = {"name": self.name, "type": "string" if self.type == LIST else self.type}
        if self.title:
            described["title"] = self.title
        if self.about:
            described["description"] = self.about
        if self.format != "default":
            described["format"] = self.format
        constraints: dict[str, Any] = {"required": True} if self.required else {}
        if self.choices and self.type != LIST:
            constraints["enum"] = [key for key in self.choices if key]
        elif self.max_length and self.type == "string":
            constraints["maxLength"] = self.max_length + 1  # a mark before what looks like a formula
        return described | ({"constraints": constraints} if constraints else {})


@dataclass(frozen=True, slots=True)
class PackageTable:
    """One CSV file. `kind` of the things that its rows are; None for rows that a service owns."""

    name: str
    title: str
    columns: tuple[Column, ...]
    kind: Kind | None = None

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def as_resource(self) -> dict[str, Any]:
        """The file as Frictionless describes it."""
        schema: dict[str, Any] = {"fields": [column.as_field() for column in self.columns]}
        if self.kind is not None:
            schema["primaryKey"] = ["id"]
        if self.kind is SERVICE:
            schema["foreignKeys"] = [_points_at("organisation", "organisations")]
        elif self.kind is None:
            places = [_points_at(AT, "locations")] if AT in self.names else []
            schema["foreignKeys"] = [_points_at("service", "services"), *places]
        return {
            "name": self.name,
            "title": self.title,
            "path": f"{self.name}.csv",
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": schema,
        }


def _points_at(column: str, table: str) -> dict[str, Any]:
    return {"fields": [column], "reference": {"resource": table, "fields": ["id"]}}


@cache
def tables() -> dict[str, PackageTable]:
    """Every table by name, services first."""
    marks = (_plain("id", required=True, max_length=100), _plain("version"))
    links = (_plain("organisation"), _plain("locations", type=LIST))
    many = tuple(_plain(name, type=LIST, subject=_SUBJECTS.get(name, "")) for name in MANY)
    found = [
        PackageTable("services", "Services", (*marks, *links, *_columns(SERVICE), *many), SERVICE),
        PackageTable("organisations", "Organisations", (*marks, *_columns(ORGANISATION)), ORGANISATION),
        PackageTable("locations", "Places", (*marks, *_columns(LOCATION)), LOCATION),
    ]
    for name, (model, columns) in ROWS.items():
        fields = tuple(_column(model, column) for column in columns)
        owner = _plain("service", required=True)
        found.append(PackageTable(name, str(model._meta.verbose_name_plural).capitalize(), (owner, *fields)))
    return {table.name: table for table in found}


def _plain(name: str, **more: Any) -> Column:
    return Column(name, title=name.capitalize(), about=_ABOUT.get(name, ""), **more)


def _columns(kind: Kind) -> tuple[Column, ...]:
    return tuple(_column(kind.model, name) for name in kind.columns)


def _column(model: type[models.Model], name: str) -> Column:
    """A column as its field of the model is; a row's place is named by its id."""
    if name == AT:
        return _plain(AT)
    made = model._meta.get_field(name)
    kind = next((kind for of, kind in _TYPES if isinstance(made, of)), "string")
    formats = {models.URLField: "uri", models.EmailField: "email"}
    subject = made.kind if isinstance(made, KeysField) else _SUBJECTS.get(name, "")
    return Column(
        name,
        kind,
        str(made.verbose_name).capitalize(),
        str(made.help_text or _ABOUT.get(name, "")),
        name if name in _SAME_NAME else subject,
        dict(Day.choices) if name == "days" else {str(k): str(label) for k, label in made.choices or [] if k},
        getattr(made, "max_length", None) if kind == "string" else None,
        next((word for of, word in formats.items() if isinstance(made, of)), "default"),
        required=kind == "string" and not made.blank and not made.has_default(),
        blank=made.blank,
        exact=isinstance(made, models.DecimalField),
    )
