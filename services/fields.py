"""Lists held in one JSON column: vocabulary keys, and days."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from services import days


def _choices(kind: str) -> list[tuple[str, str]]:
    from services.vocabulary import labels

    return list(labels(kind).items())


def validate_keys(value: Any) -> None:
    """Refuse anything but a list of short words; unknown keys are refused by the model's clean."""
    if not isinstance(value, list) or not all(isinstance(v, str) and len(v) <= 60 for v in value):
        raise ValidationError("Give a list of vocabulary keys.")


class KeysField(models.JSONField):
    """Keys of one `TermKind`, for example `["in_person", "online"]`.

    A key list needs no join, travels in revisions as it is and compares by value in a
    field-by-field diff. Facets read it through the search index, never by SQL.
    """

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
        self.validators.append(validate_keys)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["kind"] = self.kind
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=lambda: _choices(self.kind),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=self.verbose_name.capitalize(),
            help_text=self.help_text,
        )


def validate_days(value: Any) -> None:
    """Refuse anything but a list of days and stretches of days as `services.days` keeps them."""
    if not isinstance(value, list) or len(value) > days.MOST_LINES:
        raise ValidationError(f"Give a list of {days.MOST_LINES} days at most.")
    for each in value:
        try:
            days.Span.of(each if isinstance(each, str) else "")
        except ValueError as error:
            raise ValidationError("Give each day as 2026-12-25, or 2026-12-21/2027-01-01.") from error


class DaysFormField(forms.CharField):
    """Days as a person writes them, one on a line."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})
        self.widget.attrs.setdefault("rows", 3)

    def prepare_value(self, value: Any) -> Any:
        return days.written(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        try:
            return days.read(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != days.read(data or "")
        except ValueError:
            return True


class DaysField(models.JSONField):
    """Days such as `["2026-12-25", "2026-12-29/2027-01-01"]`: no join, and a diff by value."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
        self.validators.append(validate_days)

    def formfield(self, **kwargs: Any) -> forms.Field:
        return DaysFormField(label=self.verbose_name.capitalize(), help_text=self.help_text)


class ChosenField(models.JSONField):
    """Some of a fixed list of choices, ticked."""

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        self.chosen_from = choices
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
        self.validators.append(validate_keys)

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=list(self.chosen_from),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=self.verbose_name.capitalize(),
            help_text=self.help_text,
        )
