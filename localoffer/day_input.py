"""A box for a day: browsers show a calendar, and take and give days year first."""

from collections.abc import Mapping
from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """Django would begin it with a day as people write it, which a browser leaves out."""

    input_type = "date"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
