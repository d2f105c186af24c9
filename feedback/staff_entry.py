"""Staff write down a comment from the phone, a letter, an email or an event. It waits in the inbox."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.urls import reverse
from django.utils import timezone

from feedback import about, moderation
from feedback.enums import Channel
from feedback.forms import PHONE
from feedback.models import Comment
from localoffer.day_input import DayInput
from localoffer.own_views import OwnModelCreateView
from localoffer.plain_text import plain

MOST_CHARACTERS = 20_000


class StaffEntryForm(forms.ModelForm):
    """What a family said, in its own words, and how it said it."""

    original = forms.CharField(
        label="What they said",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text="In their own words. Families see the public text that you make of it.",
        error_messages={"required": "Write down what they said."},
    )
    about_address = forms.CharField(
        label="The page or service it is about",
        required=False,
        max_length=500,
        help_text="Its address on this site, such as /transport/. Leave it empty where there is none.",
    )
    email = forms.EmailField(required=False, help_text="Only if they want to hear from us. Kept apart.")
    phone = forms.CharField(required=False, max_length=40, help_text="Only if they want to hear from us.")

    class Meta:
        model = Comment
        fields = (
            "authority", "channel", "received_on", "role", "topic", "section", "consent",
            "original", "language",
        )  # fmt: skip
        widgets = {"received_on": DayInput()}
        labels = {"channel": "How it came", "received_on": "When it came", "consent": "May we show it?"}
        help_texts = {"consent": "Ask them. If you cannot, choose the last one.", "language": "en, pl, so …"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [choice for choice in Channel.choices if choice[0] != Channel.WEB]
        self.fields["channel"].choices = [("", "Choose one"), *ways]
        self.fields["channel"].initial = None
        self.initial.pop("channel", None)

    def clean_received_on(self) -> date:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def clean_original(self) -> str:
        return plain(self.cleaned_data["original"])

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and not PHONE.match(phone):
            raise forms.ValidationError("Enter a phone number such as 0117 496 0000, or leave it empty.")
        return phone

    def clean(self) -> dict[str, Any]:
        """The page or service it is about must be one that families can open."""
        cleaned = super().clean()
        address = cleaned.get("about_address", "").strip()
        cleaned["about"] = None
        if address and cleaned.get("authority"):
            cleaned["about"] = about.find(_path_of(address), cleaned["authority"])
            if cleaned["about"] is None:
                self.add_error("about_address", "There is no such page or service. Copy its address.")
        return cleaned


def _path_of(address: str) -> str:
    """What comes after the host, with the part of the page; empty for what is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + (f"#{parts.fragment}" if parts.fragment else "")


class StaffEntryView(OwnModelCreateView):
    """Goes through `moderation.receive` like any other comment: the same inbox, the same gates."""

    page_title = "Write down a comment"
    header_icon = "edit"
    success_message = "%(object)s is in the inbox. Tell them this number, so that they can follow it."

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "received_on": timezone.localdate(), "language": "en"}

    def save_instance(self) -> Comment:
        data = dict(self.form.cleaned_data)
        data.pop("about_address")
        return moderation.receive(by=self.request.user, text=data.pop("original"), **data)

    def get_success_url(self) -> str:
        return reverse(self.edit_url_name, args=[self.object.pk])
