"""The glossary and the requests for other formats in the Wagtail admin."""

from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from localoffer.choosers import GuardedChooserViewSet
from localoffer.format_requests import moved
from localoffer.models import EvaluationSet, FormatRequest, GlossaryTerm
from localoffer.own_views import OwnChooserViewSet, OwnCreateView, OwnEditView, OwnIndexView


class GlossaryTermViewSet(SnippetViewSet):
    """The words that pages explain and the glossary page lists."""

    model = GlossaryTerm
    icon = "openquote"
    menu_label = "Glossary"
    menu_name = "glossary"
    menu_order = 350
    add_to_admin_menu = True
    index_view_class = OwnIndexView
    add_view_class = OwnCreateView
    edit_view_class = OwnEditView
    chooser_viewset_class = OwnChooserViewSet
    list_display = [
        "term",
        "expansion",
        "plain_meaning",
        BooleanColumn("explain_inline", label="Explained inside text", sort_key="explain_inline"),
    ]
    list_filter = ["authority", "explain_inline"]
    search_fields = ["term", "expansion", "plain_meaning", "also"]
    list_per_page = 100
    list_export = ["term", "expansion", "plain_meaning", "also", "explain_inline"]
    copy_view_enabled = False


class FormatRequestEditView(OwnEditView):
    """Notes in the history who moved a request on."""

    def save_instance(self) -> FormatRequest:
        before = FormatRequest.objects.values_list("status", flat=True).get(pk=self.object.pk)
        instance = super().save_instance()
        moved(request=instance, before=before, user=self.request.user)
        return instance


class FormatRequestViewSet(SnippetViewSet):
    """What families asked for in another form, from the website or by phone. The list names nobody."""

    model = FormatRequest
    icon = "mail"
    menu_label = "Format requests"
    menu_name = "format-requests"
    menu_order = 360
    add_to_admin_menu = True
    index_view_class = OwnIndexView
    add_view_class = OwnCreateView
    edit_view_class = FormatRequestEditView
    chooser_viewset_class = GuardedChooserViewSet
    list_display = [
        "page_wanted",
        Column("format_words", label="How"),
        "status",
        DateColumn("asked_at", label="Asked", sort_key="asked_at"),
        DateColumn("sent_on", label="Sent", sort_key="sent_on"),
    ]
    list_filter = ["status", "format", "authority"]
    search_fields = ["page_wanted", "language", "note"]
    list_export = ["page_wanted", "format", "language", "status", "asked_at", "sent_on"]
    copy_view_enabled = False


class EvaluationSetViewSet(SnippetViewSet):
    """The questions of self-evaluations. A question that has history is retired when it is taken out."""

    model = EvaluationSet
    icon = "list-ul"
    menu_label = "Question sets"
    menu_name = "question-sets"
    menu_order = 900
    add_to_settings_menu = True
    index_view_class = OwnIndexView
    add_view_class = OwnCreateView
    edit_view_class = OwnEditView
    chooser_viewset_class = OwnChooserViewSet
    list_display = ["title", "version", BooleanColumn("retired", sort_key="retired")]
    search_fields = ["title", "about"]
    copy_view_enabled = False
