"""The questions of the public form, one a page, in the order they are asked."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from feedback.enums import Consent, Role, Topic

MAX_LENGTH = 5000
PHONE = re.compile(r"\A[0-9+()\s./x-]{6,40}\Z", re.IGNORECASE)


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label="Who are you?",
        choices=[
            (Role.PARENT_CARER, "A parent or carer"),
            (Role.YOUNG_PERSON, "A child or young person"),
            (Role.ON_BEHALF, "Another family member, a friend or a foster carer"),
            (Role.REPRESENTATIVE, "Someone who acts for a young person who cannot decide this"),
            (Role.GROUP, "A group of families or young people"),
            (Role.PROFESSIONAL, "Someone who works with families"),
            (Role.OTHER, "Someone else"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who you are",
            "invalid_choice": "Choose who you are from the list",
        },
    )
    role.choice_hints = {
        Role.ON_BEHALF: "Such as a grandparent who speaks for a child",
        Role.REPRESENTATIVE: "The law lets you speak for them",
    }


class TopicForm(forms.Form):
    topic = forms.ChoiceField(
        label="What is your comment about?",
        help_text="Choose the one that fits best. You can write it in your own words next.",
        choices=[
            (Topic.CONTENT_QUALITY, "What a page says"),
            (Topic.MISSING, "Something that is missing"),
            (Topic.ACCESSIBILITY, "Using this site"),
            (Topic.HOW_MADE, "How this site is made"),
            (Topic.OTHER, "Something else"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what your comment is about",
            "invalid_choice": "Choose what your comment is about from the list",
        },
    )
    topic.choice_hints = {
        Topic.CONTENT_QUALITY: "It is wrong, old or hard to follow",
        Topic.MISSING: "A service, an answer or help that you could not find",
        Topic.ACCESSIBILITY: "It does not work with your phone, screen reader or language",
        Topic.HOW_MADE: "Who is asked, and how families take part",
    }


class TextForm(forms.Form):
    text = forms.CharField(
        label="What do you want to tell us?",
        help_text=(
            "Use your own words, in any language. Please leave out names, addresses and phone numbers. "
            "We take them out before we show anything."
        ),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        error_messages={"required": "Write what you want to tell us"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["max_length"] = (
            "What you wrote has {:,} characters. The most we can take is {:,}. "
            "Make it shorter, or send it in parts. Nothing you wrote is lost."
        ).format(len(self.data.get("text", "").strip()), MAX_LENGTH)
        for validator in self.fields["text"].validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = self.fields["text"].error_messages["max_length"]

    def clean_text(self) -> str:
        """Marks that show nothing, such as direction marks alone, are no comment."""
        text = str(self.cleaned_data["text"])
        if not any(unicodedata.category(c)[0] in "LNPS" for c in text):
            raise forms.ValidationError("Write what you want to tell us")
        return text


class ConsentForm(forms.Form):
    consent = forms.ChoiceField(
        label="May we show your comment on this site?",
        help_text="We show comments with our answer, so that other families can see them.",
        choices=Consent.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose if we may show your comment",
            "invalid_choice": "Choose if we may show your comment from the list",
        },
    )
    consent.choice_hints = {
        Consent.PUBLISH: "A person checks that no one can tell who it is about",
        Consent.SUMMARY: "We write down the main point",
        Consent.COUNT_ONLY: "We still read it, and it still counts",
    }


class ContactForm(forms.Form):
    email = forms.EmailField(
        label="Email address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": "Enter an email address such as name@example.org, or leave it empty",
            "max_length": "This email address is too long",
        },
    )
    phone = forms.CharField(
        label="Phone number",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": "This phone number is too long"},
    )

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and not (PHONE.match(phone) and len(re.sub(r"\D", "", phone)) >= 6):
            raise forms.ValidationError("Enter a phone number such as 0117 496 0000, or leave it empty")
        return phone


class YoungTopicForm(forms.Form):
    topic = forms.ChoiceField(
        label="What is it about?",
        help_text="Pick the one that fits best.",
        choices=[
            (Topic.CONTENT_QUALITY, "Something on this website"),
            (Topic.MISSING, "Something I need that is not here"),
            (Topic.ACCESSIBILITY, "This website does not work for me"),
            (Topic.HOW_MADE, "How young people get a say"),
            (Topic.OTHER, "Something else"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Pick what it is about", "invalid_choice": "Pick one from the list"},
    )
    topic.choice_hints = {
        Topic.CONTENT_QUALITY: "It is wrong, old or hard to read",
        Topic.MISSING: "A club, help or an answer you looked for",
        Topic.ACCESSIBILITY: "On your phone, or the way you read or listen",
    }


class YoungTextForm(TextForm):
    """The same rules, in a young person's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = (
            "Say it your way. Spelling does not matter. You can use any language. "
            "Please leave out names and where you live."
        )


class YoungConsentForm(forms.Form):
    consent = forms.ChoiceField(
        label="Can we put it on this website?",
        help_text="Then other people see what you said and what we did.",
        choices=[
            (Consent.PUBLISH, "Yes, but take out anything that shows who I am"),
            (Consent.SUMMARY, "Yes, but say it in your own words"),
            (Consent.COUNT_ONLY, "No. Read it and count it, that is all"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Pick if we can put it on this website",
            "invalid_choice": "Pick one from the list",
        },
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form. `changing` ends the sentence "Change …"."""

    key: str
    form: type[forms.Form]
    label: str
    changing: str


STEPS = (
    Step("role", RoleForm, "You are", "who you are"),
    Step("topic", TopicForm, "It is about", "what it is about"),
    Step("text", TextForm, "Your comment", "your comment"),
    Step("consent", ConsentForm, "May we show it?", "if we may show it"),
    Step("contact", ContactForm, "How to reach you", "how to reach you"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A way through the form: its address, its questions, and what it knows without asking."""

    url_name: str
    title: str
    lead: str
    steps: tuple[Step, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    is_young: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(step.key for step in self.steps)


FAMILY = Way(
    url_name="feedback:comment",
    title="Have your say",
    lead="Tell us what is wrong, missing or hard to use on this site. You do not need an account.",
    steps=STEPS,
)
# No contact is asked of a young person: the number is enough to follow a comment by.
YOUNG = Way(
    url_name="feedback:young",
    title="Young people: have your say",
    lead="Is something here wrong, missing or hard to use? Tell us. It is three short questions. "
    "You do not have to say who you are.",
    steps=(
        Step("topic", YoungTopicForm, "It is about", "what it is about"),
        Step("text", YoungTextForm, "What you said", "what you said"),
        Step("consent", YoungConsentForm, "Can we show it?", "if we can show it"),
    ),
    fixed={"role": Role.YOUNG_PERSON, "email": "", "phone": ""},
    is_young=True,
)
