"""A list of vocabulary keys held in one JSON column."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models


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
