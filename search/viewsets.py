"""Search in the admin: the words that staff teach it."""

from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from search.models import SynonymGroup


class SynonymViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "openquote"
    menu_label = "Synonyms"
    list_display = ["__str__", BooleanColumn("active", label="In use")]
    list_filter = ["active"]
    search_fields = ["terms"]
    ordering = ["terms"]
    inspect_view_enabled = False


class SearchViewSetGroup(SnippetViewSetGroup):
    items = (SynonymViewSet,)
    menu_label = "Search"
    menu_icon = "search"
    menu_order = 350
