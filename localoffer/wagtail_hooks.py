"""Registers the admin's additions, and no more."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from localoffer import admin_additions as additions
from localoffer import committee_views, evidence_parts, films, guide_views, library, personal_data_own
from localoffer.belonging import own_pages

hooks.register(
    "construct_homepage_panels",
    lambda request, panels: panels.extend(panel(request) for panel in additions.PANELS),
)
hooks.register("insert_global_admin_css", additions.stylesheet)
hooks.register("insert_global_admin_js", additions.script)
hooks.register("register_admin_urls", lambda: additions.URLS)
for item in additions.MENU_ITEMS:
    hooks.register("register_reports_menu_item", item)
hooks.register("register_admin_menu_item", guide_views.menu_item)
for log_actions in additions.LOG_ACTIONS:
    hooks.register("register_log_actions", log_actions)
for button in additions.HEADER_BUTTONS:
    hooks.register("register_page_header_buttons", button)
hooks.register("register_snippet_listing_buttons", committee_views.listing_buttons)
for viewset in additions.VIEWSETS:
    register_snippet(viewset)
hooks.register("localoffer_personal_data", personal_data_own.declarations)
hooks.register("register_evidence_parts", evidence_parts.parts)
hooks.register("construct_page_chooser_queryset", lambda pages, request: own_pages(pages, request.user))
# Before Wagtail's own guards: a file that is not published here is not there, whoever could open it.
hooks.register("before_serve_document", library.refuse_unpublished, order=-100)
# After Wagtail's own guards: a film in a private collection stays private.
hooks.register("before_serve_document", films.serve_part, order=100)
