"""Feedback in the Wagtail admin: a menu with comments, actions and the record."""

from typing import Any

from django import forms
from django.urls import URLPattern, path
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from feedback.admin_views import (
    ActionCreateView,
    ActionEditView,
    InboxView,
    ModerateView,
    age_words,
    first_words,
    urgency_words,
)
from feedback.entries import status_text
from feedback.inbox_filters import CommentFilterSet
from feedback.models import Action, Comment, ModerationEvent, ResponseTemplate
from feedback.staff_entry import StaffEntryForm, StaffEntryView
from feedback.viewsets_annual import AnnualReportsViewSet
from feedback.viewsets_consultation import ConsulteeViewSet, RoundViewSet
from feedback.viewsets_gaps import GapViewSet
from localoffer.day_input import DayInput
from localoffer.own_views import OwnModelCreateView, OwnModelEditView, OwnModelIndexView


class UndeletableViewSet(ModelViewSet):
    """What is on the record is not deleted, and its history is ours, not Wagtail's."""

    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        nowhere = {"delete_url_name": None, "history_url_name": None, "usage_url_name": None}
        return super().get_common_view_kwargs(**{**nowhere, **kwargs})


class TemplateViewSet(ModelViewSet):
    """Ready answers, which moderators write and change."""

    model = ResponseTemplate
    name = "feedback_templates"
    url_prefix = "feedback/templates"
    icon = "doc-full"
    menu_label = "Ready answers"
    index_view_class = OwnModelIndexView
    add_view_class = OwnModelCreateView
    edit_view_class = OwnModelEditView
    form_fields = ["authority", "title", "topic", "text"]
    list_display = ["title", "topic", "authority"]
    list_filter = ["topic", "authority"]
    search_fields = ["title", "text"]
    search_backend_name = None
    add_to_reference_index = False
    copy_view_enabled = False


class CommentViewSet(UndeletableViewSet):
    """The inbox, writing down what somebody said, and the moderation of one comment. Nothing is deleted."""

    model = Comment
    name = "feedback_comments"
    url_prefix = "feedback/comments"
    icon = "comment"
    menu_label = "Comments"
    index_view_class = InboxView
    add_view_class = StaffEntryView
    edit_view_class = ModerateView
    filterset_class = CommentFilterSet
    search_fields = ["reference", "original", "about_title"]
    list_per_page = 30
    index_template_name = "feedback/admin/inbox.html"
    list_display = [
        "reference",
        Column("words", label="It begins", accessor=first_words, width="28%"),
        Column("urgency", label="Urgent", accessor=urgency_words),
        Column("age", label="Waiting for", accessor=age_words, sort_key="received_on"),
        "topic",
        "role",
        "section",
        "channel",
        Column("assigned_to", label="Looked after by", accessor="assigned_to", sort_key="assigned_to"),
        Column("disposition", label="Stands as", accessor="get_disposition_display", sort_key="disposition"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return StaffEntryForm

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return kwargs

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("<int:pk>/", self.edit_view, name="edit"),
        ]


class ActionForm(forms.ModelForm):
    class Meta:
        model = Action
        fields = [
            "authority", "title", "you_said", "response", "intended_action", "status", "reason",
            "owner_role", "target_date", "done_on", "evidence_url",
        ]  # fmt: skip
        widgets = {
            "target_date": DayInput(),
            "done_on": DayInput(),
        }


class ActionEditForm(ActionForm):
    """`version` is the one that was read when the page was opened. An action stays with its authority."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(ActionForm.Meta):
        fields = ActionForm.Meta.fields[1:]


class ActionViewSet(UndeletableViewSet):
    """What the authority answers and does. Nothing is deleted: families were told of it."""

    model = Action
    name = "feedback_actions"
    url_prefix = "feedback/actions"
    icon = "tasks"
    menu_label = "Actions"
    index_view_class = OwnModelIndexView
    add_view_class = ActionCreateView
    edit_view_class = ActionEditView
    search_fields = ["title", "you_said", "response", "owner_role"]
    inspect_view_enabled = True
    inspect_view_fields = [*ActionForm.Meta.fields, "first_target_date", "changed_on"]
    list_filter = ["status", "authority"]
    list_display = [
        "title",
        Column("status", label="Status", accessor=status_text, sort_key="status"),
        "owner_role",
        "target_date",
        "changed_on",
    ]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return ActionEditForm if for_update else ActionForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("<int:pk>/", self.edit_view, name="edit"),
            path("<int:pk>/details/", self.inspect_view, name="inspect"),
        ]


class EventViewSet(UndeletableViewSet):
    """Every step anybody took. It can be read and nothing else."""

    model = ModerationEvent
    name = "feedback_record"
    url_prefix = "feedback/record"
    icon = "history"
    menu_label = "Record"
    index_view_class = OwnModelIndexView
    list_filter = ["kind"]
    search_fields = ["comment__reference", "action__title", "by_name", "note"]
    exclude_form_fields: list[str] = []
    list_per_page = 50
    ordering = ["-at"]
    list_display = [
        Column("at", label="When", accessor="at", sort_key="at"),
        Column("kind", label="Step", accessor="get_kind_display"),
        Column("comment", label="Comment", accessor="comment"),
        Column("action", label="Action", accessor="action"),
        Column("by_name", label="By", accessor="by_name"),
        Column("note", label="Reason", accessor="note"),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]


class FeedbackGroup(ModelViewSetGroup):
    menu_label = "Feedback"
    menu_icon = "comment"
    menu_order = 250
    items = (
        CommentViewSet,
        ActionViewSet,
        TemplateViewSet,
        EventViewSet,
        AnnualReportsViewSet,
        RoundViewSet,
        ConsulteeViewSet,
        GapViewSet,
    )
