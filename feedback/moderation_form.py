"""The form on which a moderator decides about one comment."""

import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, QuerySet, When

from feedback import answers, gate, identifiers, moderation, redaction
from feedback.enums import SECTION_CHOICES, SHOWN, ActionStatus, Consent, Disposition, Topic
from feedback.models import Action, Comment, ResponseTemplate
from localoffer.day_input import DayInput

NEW_ACTION = "new"
MOST_LEADS = 300
DECISIONS = {
    "draft": "Keep what I wrote and decide later",
    "publish": "Publish it, with our answer",
    "publish_for_several": "Publish it as one text that speaks for several people",
    "group": "Put it together with a comment that is on the log",
    "count": "Count it and do not show it, as the writer asked",
    Disposition.WITHHELD_INDIVIDUAL: "Withhold: it is about the help of one person",
    Disposition.WITHHELD_VEXATIOUS: "Propose to withhold as vexatious (a second person must agree)",
    Disposition.OUTSIDE_SCOPE: "Not about the local offer",
    Disposition.SPAM: "An advert or an automatic message",
    "flag": "It tells of harm: flag for safeguarding. It can never be published",
    "unflag": "It does not tell of harm: take off the safeguarding flag",
    "agree": "I agree: it is vexatious",
    "disagree": "I do not agree: read it again",
    "reopen": "Open it again, and take it off the log",
}
ACTION_FIELDS = {
    "action_title": "title",
    "action_you_said": "you_said",
    "action_response": "response",
    "action_intended": "intended_action",
    "action_status": "status",
    "action_reason": "reason",
    "action_owner_role": "owner_role",
    "action_target_date": "target_date",
    "action_done_on": "done_on",
}


def decisions_for(comment: Comment) -> list[str]:
    """What may be decided about a comment as it stands. "Negative" is never among it."""
    if comment.disposition == Disposition.PROPOSED_VEXATIOUS:
        return ["agree", "disagree"]
    flag = ["unflag" if comment.safeguarding else "flag"]
    if comment.disposition in SHOWN and comment.together_with_id:
        return ["reopen", *flag]
    shows = (
        ["count"] if comment.consent == Consent.COUNT_ONLY else ["publish", "publish_for_several", "group"]
    )
    if comment.safeguarding:
        shows = []
    withholds = [
        Disposition.WITHHELD_INDIVIDUAL,
        Disposition.WITHHELD_VEXATIOUS,
        Disposition.OUTSIDE_SCOPE,
        Disposition.SPAM,
    ]
    if comment.disposition == Disposition.NEW:
        return ["draft", *shows, *withholds, *flag]
    if comment.disposition in SHOWN:
        return [*(key for key in shows if key != "group"), "reopen", *withholds, *flag]
    return ["reopen", *flag]


class ModerationForm(forms.Form):
    """Everything one decision needs. `version` and `seen` guard against acting on what was not seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    topic = forms.ChoiceField(choices=Topic.choices)
    section = forms.ChoiceField(choices=[("", "No one section"), *SECTION_CHOICES], required=False)
    language = forms.CharField(max_length=12, help_text="Two letters: en, pl, so, ur …")
    heading = forms.CharField(
        required=False, max_length=100, help_text="A few words. Left empty, the first words are shown."
    )
    public_text = forms.CharField(
        label="Public text", required=False, widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"})
    )
    response = forms.CharField(
        label="Our answer to this comment",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Leave it empty where the action below says it all.",
    )
    action = forms.ChoiceField(label="What we will do", required=False)
    action_title = forms.CharField(label="Title", required=False, max_length=120)
    action_you_said = forms.CharField(
        label="You said",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Left empty, the public text is used.",
    )
    action_response = forms.CharField(
        label="Our answer", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    action_intended = forms.CharField(
        label="What happens next", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    action_status = forms.ChoiceField(
        label="How far it is", choices=ActionStatus.choices, initial=ActionStatus.PLANNED, required=False
    )
    action_reason = forms.CharField(
        label="Why not, or what we wait for", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    action_owner_role = forms.CharField(
        label="Who is responsible", required=False, max_length=120, help_text="A role, never a name."
    )
    action_target_date = forms.DateField(label="Due by", required=False, widget=DayInput())
    action_done_on = forms.DateField(label="Done on", required=False, widget=DayInput())
    lead = forms.ChoiceField(label="The comment on the log", required=False)
    removed = forms.MultipleChoiceField(
        label="Why words were taken out or changed",
        required=False,
        choices=list(redaction.REASONS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="Kept on the record with your decision.",
    )
    template = forms.ModelChoiceField(
        label="Start from a ready answer", queryset=ResponseTemplate.objects.none(), required=False
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the record. Name nobody. That a comment is negative is not a reason.",
    )
    nobody_identifiable = forms.BooleanField(
        required=False, label="Nobody can be identified: no child, parent or member of staff"
    )
    decision = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose what to do."})

    def __init__(self, *args: Any, comment: Comment, **kwargs: Any) -> None:
        self.comment = comment
        kwargs.setdefault("initial", initial_of(comment))
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [(str(key), DECISIONS[key]) for key in decisions_for(comment)]
        actions = Action.objects.filter(authority=comment.authority_id).order_by("title")
        self.fields["action"].choices = [
            ("", "No action yet"),
            (NEW_ACTION, "A new action (fill it in below)"),
            *((str(a.pk), f"{a.title} ({a.get_status_display()})") for a in actions),
        ]
        self.fields["template"].queryset = templates_for(comment)
        leads = Comment.objects.filter(authority=comment.authority_id).entries().exclude(pk=comment.pk)
        self.fields["lead"].choices = [
            ("", "Choose a comment"),
            *((str(lead.pk), f"{lead.reference}: {lead.public_heading}") for lead in leads[:MOST_LEADS]),
        ]

    # -- checks ------------------------------------------------------------------

    @property
    def shows(self) -> bool:
        """Whether the decision makes words public."""
        return str(self.cleaned_data.get("decision", "")).startswith("publish")

    def public_words(self) -> str:
        names = ("heading", "public_text", "response", *ACTION_FIELDS)
        return "\n".join(str(self.cleaned_data.get(name) or "") for name in names if "date" not in name)

    def marks(self) -> list[identifiers.Identifier]:
        """What in the words about to be public may identify somebody."""
        return identifiers.find(self.public_words())

    def clean(self) -> dict[str, Any]:
        """Where marks are left, the box counts only if it was ticked with just these marks in view."""
        cleaned = super().clean()
        if self.shows and cleaned.get("nobody_identifiable"):
            found = self.marks()
            if found and cleaned.get("seen") != digest_of(found):
                self.add_error(
                    "nobody_identifiable",
                    "Look at these once more, then tick the box again: "
                    + "; ".join(f"“{mark.text}” ({mark.kind})" for mark in found[:12]),
                )
                self.data = self.data.copy()
                self.data["seen"] = digest_of(found)
                self.data.pop("nobody_identifiable", None)
        if cleaned.get("action") == NEW_ACTION and self.needs_action:
            for name in ("action_title", "action_response", "action_owner_role"):
                if not cleaned.get(name):
                    self.add_error(name, "Fill this in for a new action.")
        return cleaned

    @property
    def needs_action(self) -> bool:
        return self.shows or self.cleaned_data.get("decision") == "count"

    # -- acting ------------------------------------------------------------------

    def act(self, by: Any) -> bool:
        """Take the decision, all of it or nothing; what is refused is said at its field."""
        try:
            with transaction.atomic():
                self._decide(by)
        except gate.Refused as error:
            self._say(error.field, error.message)
            return False
        except ValidationError as error:
            named = {field: form_field for form_field, field in ACTION_FIELDS.items()}
            for field, message in gate.messages_of(error):
                self._say(named.get(field, field), message)
            return False
        return True

    def _say(self, field: str, message: str) -> None:
        self.add_error(field if field in self.fields else None, message)

    def _decide(self, by: Any) -> None:
        data, comment = self.cleaned_data, self.comment
        subject = {key: data[key] for key in ("topic", "section", "language")}
        version = data["version"]
        if any(getattr(comment, key) != value for key, value in subject.items()):
            comment = moderation.classify(comment=comment, by=by, version=version, **subject)
            version = comment.version
        step = {"comment": comment, "by": by, "version": version}
        decide: dict[str, Callable[[], object]] = {
            "draft": lambda: moderation.redact(
                public_text=data["public_text"], heading=data["heading"], note=self._note(), **step
            ),
            "publish": lambda: self._publish(step, by, for_several=False),
            "publish_for_several": lambda: self._publish(step, by, for_several=True),
            "group": lambda: moderation.group(lead=self._lead(), note=data["reason"], **step),
            "count": lambda: moderation.count(response=data["response"], action=self._action(by), **step),
            "flag": lambda: moderation.flag_safeguarding(on=True, reason=data["reason"], **step),
            "unflag": lambda: moderation.flag_safeguarding(on=False, reason=data["reason"], **step),
            "agree": lambda: moderation.confirm_withholding(agrees=True, reason=data["reason"], **step),
            "disagree": lambda: moderation.confirm_withholding(agrees=False, reason=data["reason"], **step),
            "reopen": lambda: moderation.reopen(reason=data["reason"], **step),
        }
        decision = data["decision"]
        if decision in decide:
            decide[decision]()
        else:
            moderation.withhold(ground=decision, reason=data["reason"], **step)

    def _publish(self, step: dict[str, Any], by: Any, *, for_several: bool) -> None:
        data = self.cleaned_data
        moderation.publish(
            public_text=data["public_text"],
            heading=data["heading"],
            response=data["response"],
            action=self._action(by),
            nobody_identifiable=data["nobody_identifiable"],
            for_several=for_several,
            note=self._note(),
            **step,
        )

    def _note(self) -> str:
        return redaction.in_words(self.cleaned_data["removed"], self.cleaned_data["reason"])

    def _lead(self) -> Comment:
        if not self.cleaned_data["lead"]:
            raise gate.Refused("Choose a comment that is on the public log.", "lead")
        return Comment.objects.get(pk=self.cleaned_data["lead"])

    def _action(self, by: Any) -> Action | None:
        chosen = self.cleaned_data["action"]
        if not chosen:
            return None
        if chosen != NEW_ACTION:
            return Action.objects.get(pk=chosen)
        fields = {field: self.cleaned_data[name] for name, field in ACTION_FIELDS.items()}
        fields["you_said"] = fields["you_said"] or self.cleaned_data["public_text"]
        return answers.agree_action(authority=self.comment.authority, by=by, **fields)


def initial_of(comment: Comment) -> dict[str, Any]:
    """What the form starts with. A text nobody has edited yet starts with every mark taken out."""
    text = comment.public_text
    if not text and comment.is_pending and comment.consent == Consent.PUBLISH:
        text = identifiers.removed(comment.original)
    return {
        "version": comment.version,
        "topic": comment.topic,
        "section": comment.section,
        "language": comment.language,
        "heading": comment.heading,
        "public_text": text,
        "response": comment.response,
        "action": str(comment.action_id or ""),
        "removed": redaction.suggested(comment) if comment.is_pending else [],
    }


def templates_for(comment: Comment) -> QuerySet[ResponseTemplate]:
    """Ready answers of the authority, those for the comment's subject first."""
    first = Case(When(topic=comment.topic, then=0), When(topic="", then=1), default=2)
    return ResponseTemplate.objects.filter(authority=comment.authority_id).order_by(first, "title")


class AssignForm(forms.Form):
    """Who looks after a comment."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    assigned_to = forms.ModelChoiceField(
        label="Who looks after it", queryset=None, required=False, empty_label="Nobody yet"
    )

    def __init__(self, *args: Any, comment: Comment, people: QuerySet[Any], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "assign_%s")  # the page has another form with a version
        kwargs.setdefault("initial", {"version": comment.version, "assigned_to": comment.assigned_to_id})
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"].queryset = people


def digest_of(marks: list[identifiers.Identifier]) -> str:
    """Changes when any mark does."""
    words = "\n".join(f"{mark.kind}:{mark.text}" for mark in marks)
    return hashlib.sha256(words.encode()).hexdigest()[:20]
