"""Editors' forms that refuse what the law does not allow, and the form for a copy in another format."""

import re
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError

from localoffer.enums import Compliance, Format
from localoffer.markup import text_of
from localoffer.own_choices import OwnPageForm
from localoffer.plain_text import plain
from localoffer.silence import silence_message


class SectionPageForm(OwnPageForm):
    """Refuses to publish, or to submit for publishing, with the list; a draft may be incomplete."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        answers = cleaned.get("answers")
        if answers is None or self.is_deferred_validation:
            return cleaned
        messages = silence_message(self.instance.section, answers)
        if messages:
            errors = [ValidationError(message) for message in messages]
            self.add_error("answers", StreamBlockValidationError(non_block_errors=errors))
            self.add_error(NON_FIELD_ERRORS, messages[0])
        return cleaned


class StatementForm(OwnPageForm):
    """Refuses to publish "not fully compliant" without saying what fails (SI 2018/952, reg 8)."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # The editor sends an empty paragraph where nothing is written.
        names = ("not_accessible", "disproportionate_burden")
        said = any(text_of(cleaned.get(name) or "") for name in names)
        if not self.is_deferred_validation and cleaned.get("compliance") != Compliance.FULL and not said:
            self.add_error("not_accessible", "Say what does not meet the standard, and why.")
        return cleaned


PHONE = re.compile(r"\A[0-9+()\s./x-]{6,40}\Z", re.IGNORECASE)
NOWHERE = "Give a postal address, an email address or a phone number, so that we can reach you"


class FormatRequestForm(forms.Form):
    """A page in another form: which, how, and where to. One way to reach a person is enough."""

    page_wanted = forms.CharField(
        label="Which page do you want?",
        help_text="Its name is enough, such as “Getting there”. You can also ask for the whole site.",
        max_length=300,
        error_messages={
            "required": "Tell us which page you want",
            "max_length": "Use 300 characters or fewer to tell us which page you want",
        },
    )
    format = forms.ChoiceField(
        label="How do you want it?",
        choices=Format.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how you want it",
            "invalid_choice": "Choose how you want it from the list",
        },
    )
    language = forms.CharField(
        label="Which language?",
        help_text="If you do not want it in English.",
        required=False,
        max_length=60,
        error_messages={"max_length": "Use 60 characters or fewer for the language"},
    )
    name = forms.CharField(
        label="Your name",
        help_text="You can leave this empty, unless we send it by post.",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"max_length": "Use 120 characters or fewer for your name"},
    )
    address = forms.CharField(
        label="Postal address",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        error_messages={"max_length": "Use 500 characters or fewer for your address"},
    )
    email = forms.EmailField(
        label="Email address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": "Enter an email address such as name@example.org, or leave it empty"},
    )
    phone = forms.CharField(
        label="Phone number",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": "This phone number is too long"},
    )
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(None if data is None else {k: plain(str(v)) for k, v in data.items()}, **kwargs)

    @property
    def is_trapped(self) -> bool:
        """A robot fills in every box."""
        return bool(self.is_bound and self.data.get("website", "").strip())

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and not (PHONE.match(phone) and len(re.sub(r"\D", "", phone)) >= 6):
            raise ValidationError("Enter a phone number such as 0117 496 0000, or leave it empty")
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wants_language = cleaned.get("format") == Format.LANGUAGE
        if wants_language and not cleaned.get("language") and "language" not in self.errors:
            self.add_error("language", "Tell us which language you want")
        ways = ("address", "email", "phone")
        if not any(cleaned.get(way) for way in ways) and not any(way in self.errors for way in ways):
            self.add_error("address", NOWHERE)
        if cleaned.get("address") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", "Give a name for the envelope")
        return cleaned
