"""The gaps register in the admin: look, decide, write down, give to commissioners."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet

from feedback import gaps
from feedback.gap_cells import AGE_BANDS
from feedback.gate import ChangedMeanwhile, Refused
from feedback.models import Gap
from localoffer.belonging import site_of
from localoffer.own_views import OwnModelCreateView, OwnModelEditView, OwnModelIndexView
from localoffer.spreadsheets import WRITERS
from services.vocabulary import labels

CHANGE, VIEW = "feedback.change_gap", "feedback.view_gap"


class CellForm(forms.ModelForm):
    """Need and ages are chosen from what the directory knows."""

    need = forms.ChoiceField(required=False)
    ages = forms.ChoiceField(required=False, choices=[("", "Any age"), *((b, b) for b in AGE_BANDS)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].choices = [("", "Any need"), *labels("need").items()]


class GapForm(CellForm):
    """A gap that staff know of."""

    class Meta:
        model = Gap
        fields = ["title", "words", "need", "ages", "area", "owner_role"]


class GapEditForm(CellForm):
    """`version` is the one that was read when the page was opened; `note` is kept with the gap."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you found out or decided. Commissioners get the latest. Name nobody.",
    )

    class Meta:
        model = Gap
        fields = ["title", "need", "ages", "area", "status", "owner_role"]


class GapFilterSet(WagtailFilterSet):
    class Meta:
        model = Gap
        fields = ["status", "kind", "is_found", "need", "ages", "area"]


class GapCreateView(OwnModelCreateView):
    def save_instance(self) -> Gap:
        fields = dict(self.form.cleaned_data)
        made = gaps.report(
            authority=site_of(self.request, "feedback.add_gap"),
            title=fields.pop("title"),
            words=fields.pop("words"),
            by=self.request.user,
        )
        for name, value in fields.items():
            setattr(made, name, value)
        made.save()
        return made


class GapEditView(OwnModelEditView):
    """What was decided is kept as a note; what somebody else changed meanwhile is not overwritten."""

    template_name = "feedback/admin/gap.html"

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "version": self.object.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gap = Gap.objects.get(pk=self.object.pk)
        return {**super().get_context_data(**kwargs), "gap": gap, "notes": gap.notes.all()}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            code = "stale" if isinstance(error, ChangedMeanwhile) else "validation_error"
            self.produced_error_code, self.produced_error_message = code, error.message
            return self.form_invalid(form)

    def save_instance(self) -> Gap:
        fields = dict(self.form.cleaned_data)
        version, text = fields.pop("version"), fields.pop("note")
        return gaps.change(gap=self.object, by=self.request.user, version=version, text=text, **fields)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look through searches, comments and the directory now."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied("You may not change the gaps register.")
    found = gaps.look(authority=site_of(request, CHANGE))
    messages.success(
        request, f"Looked: {found.new} new, {found.seen_again} known before, {found.gone} no longer found."
    )
    return redirect("feedback_gaps:index")


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The register as a file for commissioners, filtered as the list is."""
    if not (request.user.has_perm(VIEW) or request.user.has_perm(CHANGE)):
        raise PermissionDenied("You may not read the gaps register.")
    if kind not in WRITERS:
        raise Http404("There is no such kind of file.")
    rows = Gap.objects.of(site_of(request, VIEW, CHANGE)).prefetch_related("notes")
    chosen = GapFilterSet(request.GET, queryset=rows, request=request)
    kept = chosen.qs if chosen.is_valid() else rows
    return WRITERS[kind](f"gaps-{timezone.localdate().isoformat()}", gaps.HEADINGS, gaps.table(kept))


class GapViewSet(ModelViewSet):
    """What families need and do not find. Nothing is deleted: what is no gap says why."""

    model = Gap
    name = "feedback_gaps"
    url_prefix = "feedback/gaps"
    icon = "warning"
    menu_label = "Gaps"
    index_view_class = OwnModelIndexView
    add_view_class = GapCreateView
    edit_view_class = GapEditView
    filterset_class = GapFilterSet
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["title", "words", "area"]
    list_per_page = 50
    index_template_name = "feedback/admin/gaps.html"
    list_display = [
        "title",
        "kind",
        "count",
        "need",
        "ages",
        "area",
        "status",
        BooleanColumn("is_found", label="Still found"),
        "last_seen",
    ]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return GapEditForm if for_update else GapForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        nowhere = {"delete_url_name": None, "history_url_name": None, "usage_url_name": None}
        return super().get_common_view_kwargs(**{**nowhere, **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("<int:pk>/", self.edit_view, name="edit"),
            path("look/", look, name="look"),
            path("export.<slug:kind>", export, name="export"),
        ]
