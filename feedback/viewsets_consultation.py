"""Rounds of consultation in the admin, and the consultees of the law, whose labels may be changed."""

from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet

from feedback.consultation import fill_round
from feedback.models import ConsultationRound, ConsulteeCategory
from localoffer.own_views import OwnModelCreateView, OwnModelEditView, OwnModelIndexView


def invited_words(found: ConsultationRound) -> str:
    records = list(found.records.all())
    invited = sum(record.invited_on is not None for record in records)
    answered = sum(record.responded for record in records)
    return f"{invited} of {len(records)}, {answered} answered"


class RoundCreateView(OwnModelCreateView):
    """A new round starts with a row for every consultee of the law, and opens for their dates."""

    def save_instance(self) -> ConsultationRound:
        instance = super().save_instance()
        fill_round(instance)
        return instance

    def get_success_url(self) -> str:
        return reverse(self.edit_url_name, args=[self.object.pk])


class RoundViewSet(ModelViewSet):
    """When we asked, how, whom, and what they said."""

    model = ConsultationRound
    name = "feedback_rounds"
    url_prefix = "feedback/consultation"
    icon = "group"
    menu_label = "Consultation"
    index_view_class = OwnModelIndexView
    add_view_class = RoundCreateView
    edit_view_class = OwnModelEditView
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["title", "summary"]
    list_filter = ["kind", "authority", "published"]
    list_display = [
        "title",
        "kind",
        "opened",
        "closed",
        Column("invited", label="Invited", accessor=invited_words),
        BooleanColumn("published", label="Public"),
    ]


class ConsulteeViewSet(ModelViewSet):
    """Names change as bodies do (requirement R54-2); what the law names is fixed, and none is deleted."""

    model = ConsulteeCategory
    name = "feedback_consultees"
    url_prefix = "feedback/consultees"
    icon = "list-ul"
    menu_label = "Consultees"
    form_fields = ["label", "retired"]
    copy_view_enabled = False
    search_backend_name = None
    list_per_page = 50
    list_display = [
        "label",
        Column("reference", label="Law"),
        BooleanColumn("is_required", label="The law names it"),
        BooleanColumn("is_checked", label="Checked against the law"),
        BooleanColumn("retired", label="No longer asked"),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.edit_view, name="edit"),
        ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        nowhere = {
            "add_url_name": None,
            "delete_url_name": None,
            "history_url_name": None,
            "usage_url_name": None,
        }
        return super().get_common_view_kwargs(**{**nowhere, **kwargs})
