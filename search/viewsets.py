"""Search in the admin: the words and the first answers that staff teach it."""

from typing import Any

from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import CopyView, CreateView, SnippetViewSet, SnippetViewSetGroup

from localoffer.own_views import OwnChooserViewSet, OwnCreateView, OwnEditView, OwnForm, OwnIndexView
from search.models import BestBet, SynonymGroup

LONGEST_GIVEN = 80


class SynonymCreateView(CreateView):
    """Begins with the words that a failed search brings along."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "terms": self.request.GET.get("terms", "")[:LONGEST_GIVEN]}


class SynonymViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "openquote"
    menu_label = "Synonyms"
    add_view_class = SynonymCreateView
    list_display = ["__str__", BooleanColumn("active", label="In use")]
    list_filter = ["active"]
    search_fields = ["terms"]
    ordering = ["terms", "pk"]
    inspect_view_enabled = False


class BestBetCreateView(OwnCreateView):
    """Begins with the words that a failed search brings along."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "phrases": self.request.GET.get("phrases", "")[:LONGEST_GIVEN]}


class OwnBestBetCopyView(OwnForm, CopyView):
    """A copy offers and takes what a new one does."""


class BestBetViewSet(SnippetViewSet):
    model = BestBet
    icon = "pick"
    menu_label = "Best bets"
    index_view_class = OwnIndexView
    add_view_class = BestBetCreateView
    edit_view_class = OwnEditView
    copy_view_class = OwnBestBetCopyView
    chooser_viewset_class = OwnChooserViewSet
    list_display = [
        "__str__",
        Column("leads_to", label="Leads to"),
        BooleanColumn("active", label="In use"),
    ]
    list_filter = ["active", "authority"]
    search_fields = ["phrases", "words"]
    ordering = ["phrases"]
    inspect_view_enabled = False


class SearchViewSetGroup(SnippetViewSetGroup):
    items = (SynonymViewSet, BestBetViewSet)
    menu_label = "Search"
    menu_icon = "search"
    menu_order = 350
