"""The form with which a provider puts an entry right: plain boxes filled with what it says now."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from localoffer.plain_text import plain as plain_text
from services import changes
from services.changes import ROWS
from services.enums import CostKind, Day, SessionWhen
from services.importers.base import Facts
from services.importers.facts import plain
from services.models import Service
from services.wording import hour_words

NOTE_LENGTH = 2000
LONG = 5000
# Empty rows to fill beside those there are.
SPARE = {"contacts": 1, "costs": 1, "schedules": 2}
HINTS = {
    "summary": "One plain sentence.",
    "description": "What happens, who is there, what a first visit is like.",
    "eligibility": "Who can use it, in plain words.",
    "how_to_access": "What a parent does first, and what happens then.",
    "who_decides": "A role, not a name.",
    "waiting_time": "How long families wait now.",
    "waiting_weeks": "A number, such as 6. Leave empty if nobody knows.",
    "url": "It starts with https://",
    "complaints": "Whom a family can speak to.",
    "min_age": "In years. Leave empty if there is no limit.",
    "max_age": "In years. Leave empty if there is no limit.",
}
_AGE = "Enter an age in years, such as 7, or leave it empty"
_WEEKS = "Enter a number of weeks, such as 6, or leave it empty"
# Columns that are numbers: the most they may be, and what is said of anything else.
_NUMBERS = {"min_age": (120, _AGE), "max_age": (120, _AGE), "waiting_weeks": (520, _WEEKS)}
_HOURS = ("%H:%M", "%H:%M:%S", "%I%p", "%I:%M%p", "%H.%M", "%I.%M%p", "%H")


class HourField(forms.CharField):
    """An hour as people write it: 9am, 9:30am, 15:30, midday."""

    def prepare_value(self, value: Any) -> Any:
        return hour_words(value) if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:
        typed = re.sub(r"\s", "", super().clean(value)).lower()
        if not typed:
            return None
        typed = {"midday": "12:00", "noon": "12:00", "midnight": "00:00"}.get(typed, typed)
        for layout in _HOURS:
            try:
                return datetime.strptime(typed.upper(), layout).time()
            except ValueError:
                continue
        raise ValidationError("Enter a time such as 9am or 3:30pm")


def _too_long(length: int) -> dict[str, str]:
    return {"max_length": f"Use {length:,} characters or fewer"}


def _words(label: str, *, length: int, hint: str = "", rows: int = 0, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=length,
        required=False,
        widget=widget,
        error_messages=_too_long(length),
        **kwargs,
    )


def _column(name: str, held: int) -> forms.Field:
    """The box of one column of the entry, never too small for the `held` characters in it."""
    column, label, hint = Service._meta.get_field(name), changes.LABELS[name], HINTS.get(name, "")
    if name in _NUMBERS:
        most, wrong = _NUMBERS[name]
        return forms.IntegerField(
            label=label,
            help_text=hint,
            required=False,
            min_value=0,
            max_value=most,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
    if name == "url":
        return forms.URLField(
            label=label,
            help_text=hint,
            max_length=column.max_length,
            required=False,
            assume_scheme="https",
            widget=forms.TextInput(
                attrs={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}
            ),
            error_messages={
                **_too_long(column.max_length or 0),
                "invalid": "Enter a web address such as https://www.example.org, or leave it empty",
            },
        )
    if column.max_length:
        return _words(label, length=column.max_length, hint=hint)
    return _words(label, length=max(LONG, held), hint=hint, rows=5)


def _row_boxes(name: str, of: int) -> dict[str, forms.Field]:
    """The boxes of one row; `of` is its number, from 1, for people who hear the labels."""
    if name == "contacts":
        return {
            "role": _words(f"Contact {of}: who answers", length=120, hint="A role, not a name."),
            "phone": _words(f"Contact {of}: phone", length=40),
            "email": forms.EmailField(
                label=f"Contact {of}: email",
                max_length=254,
                required=False,
                error_messages={"invalid": "Enter an email address such as name@example.org"},
            ),
        }
    if name == "costs":
        return {
            "kind": forms.ChoiceField(
                label=f"Cost {of}: kind", choices=[("", "No cost here"), *CostKind.choices], required=False
            ),
            "amount": forms.DecimalField(
                label=f"Cost {of}: how much",
                help_text="In pounds, such as 6.80",
                required=False,
                min_value=0,
                max_digits=8,
                decimal_places=2,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
                    "Enter an amount in pounds, such as 6.80",
                ),
            ),
            "note": _words(f"Cost {of}: how often, and anything else", length=250, hint="Such as: a session"),
        }
    return {
        "days": forms.MultipleChoiceField(
            label=f"Session {of}: days",
            choices=Day.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Choose days from the list"},
        ),
        "opens": HourField(
            label=f"Session {of}: starts", help_text="Such as 9am", required=False, max_length=12
        ),
        "closes": HourField(
            label=f"Session {of}: ends", help_text="Such as 3:30pm", required=False, max_length=12
        ),
        "when": forms.ChoiceField(
            label=f"Session {of}: part of the year", choices=SessionWhen.choices, required=False
        ),
        "note": _words(f"Session {of}: anything else", length=250),
    }


class ReviewForm(forms.Form):
    """One form over everything that a provider may change. `seen` are the facts it starts from."""

    def __init__(self, seen: Facts, data: QueryDict | None = None) -> None:
        self.seen = seen
        super().__init__(_tidied(data) if data is not None else None, initial=dict(_initial(seen)))
        for name in changes.LABELS:
            if name in changes.COLUMNS:
                self.fields[name] = _column(name, len(str(seen[name] or "")))
            elif self.offers(name):
                for at in range(len(seen[name]) + SPARE[name]):
                    for column, box in _row_boxes(name, at + 1).items():
                        self.fields[f"{name}-{at}-{column}"] = box
        self.fields["note"] = _words(
            "Anything else that is not right?",
            length=NOTE_LENGTH,
            rows=4,
            hint="Such as a place, or what it is like there. We read it and put it right.",
        )

    def offers(self, name: str) -> bool:
        """Whether rows of a kind are few enough to be shown as boxes."""
        return len(self.seen[name]) <= changes.MOST_ROWS

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not any(map(str.isalnum, name)):  # such as spaces that nobody sees
            raise ValidationError("Give the name of the service")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        youngest, oldest = cleaned.get("min_age"), cleaned.get("max_age")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("max_age", "The oldest age must be the same as the youngest age, or more")
        for name, at, row in self._rows():
            _CHECKS[name](self, name, at, row)
        if not self.errors:
            for name, fault in changes.faults(self.proposed()).items():
                self.add_error(name if name in self.fields else None, f"{changes.LABELS[name]}: {fault}")
        return cleaned

    def proposed(self) -> Facts:
        """The facts that differ from those seen. Call when the form is valid."""
        after: Facts = {}
        for name in changes.COLUMNS:
            typed = self.cleaned_data.get(name)
            after[name] = self.seen[name] if _same(typed, self.seen[name]) else typed
        for name in ROWS:
            if self.offers(name):
                after[name] = [row for each, _, row in self._rows() if each == name and row is not None]
        return changes.changed(self.seen, changes.tidied(after))

    def _rows(self) -> Iterator[tuple[str, int, Facts | None]]:
        """(kind, number, row) of every row of boxes; None for one that says nothing."""
        for name, (model, columns) in ROWS.items():
            if not self.offers(name):
                continue
            empty = {column: plain(getattr(model(), column)) for column in columns}
            for at in range(len(self.seen[name]) + SPARE[name]):
                before = self.seen[name][at] if at < len(self.seen[name]) else empty
                typed = {c: self.cleaned_data.get(f"{name}-{at}-{c}") for c in _row_boxes(name, 1)}
                yield name, at, _row(name, before, typed)


# The boxes that make a row worth keeping: part of the year alone says nothing.
_TELLING = {
    "contacts": ("role", "phone", "email"),
    "costs": ("kind", "amount", "note"),
    "schedules": ("days", "opens", "closes", "note"),
}


def _row(name: str, before: Facts, typed: dict[str, Any]) -> Facts | None:
    """A row as facts, or None when its boxes are empty. What has no box stays as it was."""
    telling = {
        "contacts": ("role", "phone", "email"),
        "costs": ("kind",),
        "schedules": ("days", "opens", "closes", "note"),
    }
    if not any(typed.get(column) for column in telling[name]) and not typed.get("amount"):
        return None
    if name == "costs":
        typed["kind"] = typed["kind"] or CostKind.CHARGED
    if name == "schedules":
        typed["when"] = typed["when"] or SessionWhen.ALL_YEAR
    return {**before, **{column: _fact(typed[column], before.get(column)) for column in typed}}


def _fact(typed: Any, before: Any) -> Any:
    if _same(typed, before):
        return before
    return plain(typed) if typed is not None else (None if before is None else type(before)())


def _same(typed: Any, before: Any) -> bool:
    """Whether a box still says what it was filled with: browsers and strips change white space."""
    if isinstance(typed, str) and isinstance(before, str):
        return typed.split() == before.split()
    return bool(typed == before)


def _check_contact(form: ReviewForm, name: str, at: int, row: Facts | None) -> None:
    if row is None or row in form.seen[name]:
        return
    phone = row["phone"]
    if phone and len(re.sub(r"\D", "", phone)) < 3:
        form.add_error(f"{name}-{at}-phone", "Enter a phone number such as 0117 496 0000")
    if not phone and not row["email"] and f"{name}-{at}-email" not in form.errors:
        form.add_error(f"{name}-{at}-phone", "Give a phone number or an email address, or empty these boxes")


def _check_cost(form: ReviewForm, name: str, at: int, row: Facts | None) -> None:
    if row is None or row in form.seen[name]:
        return
    if row["amount"] and Decimal(row["amount"]) and row["kind"] in (CostKind.FREE, CostKind.NOT_STATED):
        form.add_error(f"{name}-{at}-kind", "You gave an amount: choose “You pay” or “Some help with cost”")


def _check_session(form: ReviewForm, name: str, at: int, row: Facts | None) -> None:
    if row is None or row in form.seen[name]:
        return
    if row["opens"] and row["closes"] and row["opens"] == row["closes"]:
        form.add_error(f"{name}-{at}-closes", "It must end at another time than it starts")


_CHECKS = {"contacts": _check_contact, "costs": _check_cost, "schedules": _check_session}


def _initial(seen: Facts) -> Iterator[tuple[str, Any]]:
    yield from ((name, seen[name]) for name in changes.COLUMNS)
    for name in ROWS:
        for at, row in enumerate(seen[name]):
            for column, value in row.items():
                is_hour = column in ("opens", "closes") and value
                yield f"{name}-{at}-{column}", time.fromisoformat(value) if is_hour else value


def _tidied(data: QueryDict) -> QueryDict:
    """What was typed, without control characters."""
    made = QueryDict(mutable=True)
    for name, values in data.lists():
        made.setlist(name, [plain_text(str(value)) for value in values])
    return made
