"""Pages of the admin: the inbox, the moderation of one comment, actions, and the record."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from feedback import answers, difference, identifiers, moderation
from feedback.enums import PENDING
from feedback.gate import ChangedMeanwhile, Refused, messages_of
from feedback.inbox_filters import hasty_events
from feedback.models import Action, Comment, contact_of
from feedback.moderation_form import ACTION_FIELDS, NEW_ACTION, AssignForm, ModerationForm
from feedback.permissions import moderators
from localoffer.own_views import OwnModelCreateView, OwnModelEditView, OwnModelIndexView


def age_words(comment: Comment) -> str:
    """How long it has waited, in days; nothing once it is decided."""
    if not comment.is_pending:
        return ""
    days = (timezone.localdate() - comment.received_on).days
    return "Today" if days <= 0 else f"{days} day{'' if days == 1 else 's'}"


def urgency_words(comment: Comment) -> str:
    """Words, so that nobody has to tell it from a colour."""
    if comment.safeguarding:
        return "Safeguarding"
    return "Urgent: may tell of danger" if comment.urgent else ""


def first_words(comment: Comment) -> str:
    """How it begins, so that an advert or a worry shows without opening it."""
    return Truncator(comment.original).chars(90)


class InboxView(OwnModelIndexView):
    """What waits first, the urgent and then the oldest of it; then what is decided, the newest first."""

    page_title = "Comments"

    @cached_property
    def columns(self) -> list[Column]:
        return [BulkActionsCheckboxColumn("bulk_actions", obj_type="comment"), *super().columns]

    def _get_title_column(self, *args: Any, **kwargs: Any) -> Column:
        return super()._get_title_column(*args, **kwargs, get_title_id=lambda one: f"comment_{one.pk}_title")

    def get_base_queryset(self) -> QuerySet[Comment]:
        return (
            super()
            .get_base_queryset()
            .select_related("authority", "assigned_to")
            .defer("public_text", "response")
        )

    def order_queryset(self, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        if self.is_explicitly_ordered and self.ordering:
            return super().order_queryset(queryset)
        pending = Q(disposition__in=PENDING)
        queryset = queryset.annotate(
            waits=_whether(pending), first=_whether(pending & (Q(urgent=True) | Q(safeguarding=True)))
        )
        waiting_since = Case(When(pending, then="received_on"))
        return queryset.order_by(
            "-waits", "-first", waiting_since.asc(nulls_last=True), "-received_on", "-pk"
        )


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


class ModerateView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The original beside the public text, what may identify somebody, the decision, the record."""

    model = Comment
    permission_required = "change"
    index_url_name = ""
    edit_url_name = ""
    header_icon = ""
    template_name = "feedback/admin/moderate.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.comment = get_object_or_404(
            Comment.objects.select_related(
                "authority", "action", "together_with", "proposed_by", "assigned_to"
            ),
            pk=kwargs["pk"],
        )
        self.page_title = self.comment.reference

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=ModerationForm(comment=self.comment)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "assign" in request.POST:
            return self._assign()
        form = ModerationForm(request.POST, comment=self.comment)
        if "use_template" in request.POST:
            return self.render_to_response(self.get_context_data(form=self._with_template(form)))
        if form.is_valid() and form.act(request.user):
            messages.success(request, f"{self.comment.reference}: saved.")
            return redirect(self.index_url_name if "back" in request.POST else self._own_url())
        messages.error(request, "Nothing was saved. Look at what is marked below.")
        return self.render_to_response(self.get_context_data(form=form))

    def _assign(self) -> HttpResponse:
        """Give it to somebody; the moderation form is shown as it was."""
        form = AssignForm(self.request.POST, comment=self.comment, people=moderators(self.comment.authority))
        message = "Choose somebody from the list."
        if form.is_valid():
            try:
                moderation.assign(
                    comment=self.comment, by=self.request.user, version=form.cleaned_data["version"],
                    to=form.cleaned_data["assigned_to"],
                )  # fmt: skip
            except Refused as error:
                message = error.message
            else:
                messages.success(self.request, f"{self.comment.reference}: saved.")
                return redirect(self._own_url())
        messages.error(self.request, message)
        return redirect(self._own_url())

    def _with_template(self, form: ModerationForm) -> ModerationForm:
        """The form as it was typed, with a ready answer put at the end of ours. Nothing is saved."""
        chosen = form.fields["template"].queryset.filter(pk=_number(self.request.POST.get("template")))
        typed = self.request.POST.get("response", "").strip()
        words = "\n\n".join(filter(None, [typed, *(template.text for template in chosen)]))
        data = {**self.request.POST.dict(), "response": words, "template": ""}
        data["removed"] = self.request.POST.getlist("removed")
        return ModerationForm(initial=data, comment=self.comment)

    def _own_url(self) -> str:
        return reverse(self.edit_url_name, args=[self.comment.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": "Comments"},
            {"url": "", "label": self.comment.reference},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return {
            **context,
            "comment": self.comment,
            "segments": list(segments(self.comment.original)),
            "kinds": sorted({str(mark.kind) for mark in identifiers.find(self.comment.original)}),
            "contact": contact_of(self.comment),
            "assign_form": AssignForm(comment=self.comment, people=moderators(self.comment.authority)),
            "difference": difference.between(self.comment.original, form["public_text"].value() or ""),
            "same_words": self._same_words(),
            "hasty": hasty_events().filter(comment=self.comment).exists(),
            "has_templates": form.fields["template"].queryset.exists(),
            "events": self.comment.events.order_by("-at", "-pk"),
            "others": self.comment.others.order_by("received_on"),
            "urgency": urgency_words(self.comment),
            "action_fields": [form[name] for name in ACTION_FIELDS],
            "is_new_action": form["action"].value() == NEW_ACTION,
        }

    def _same_words(self) -> QuerySet[Comment]:
        """Others with the very same words: sent again, or by a robot."""
        same = Comment.objects.filter(authority=self.comment.authority_id, original=self.comment.original)
        return same.exclude(pk=self.comment.pk).order_by("-received_on", "-pk")[:20]


def _number(text: str | None) -> int:
    """A key that somebody posted; 0 for none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def segments(text: str) -> Iterator[tuple[str, str]]:
    """(words, what they may tell, or empty) from start to end."""
    at = 0
    for mark in identifiers.find(text):
        if text[at : mark.start]:
            yield text[at : mark.start], ""
        yield mark.text, str(mark.kind)
        at = mark.end
    if text[at:]:
        yield text[at:], ""


def _refused(view: Any, form: Any, error: Refused | ValidationError) -> HttpResponse:
    """The form again, with what was refused at its field."""
    said = list(messages_of(error))
    for field, message in said:
        form.add_error(field if field in form.fields else None, message)
    view.produced_error_code, view.produced_error_message = "validation_error", said[0][1]
    return view.form_invalid(form)


class ActionCreateView(OwnModelCreateView):
    """A new action is agreed, and on the record."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ValidationError as error:
            return _refused(self, form, error)

    def save_instance(self) -> Action:
        return answers.agree_action(by=self.request.user, **self.form.cleaned_data)


class ActionEditView(OwnModelEditView):
    """A change of an action is on the record; what somebody else changed meanwhile is not overwritten."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "version": self.object.version}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except (ChangedMeanwhile, ValidationError) as error:
            return _refused(self, form, error)

    def save_instance(self) -> Action:
        fields = dict(self.form.cleaned_data)
        version = fields.pop("version")
        fields.pop("authority", None)
        return answers.change_action(action=self.object, by=self.request.user, version=version, **fields)
