"""What services/ adds to Wagtail: registration only."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from services import bulk, merging, permissions, recent, reports_currency, reports_duplicates, review_admin
from services.assurance import register_log_actions
from services.bulk_actions import ACTIONS
from services.evidence import mending_address, requirement_evidence
from services.evidence_parts import parts
from services.feeds import sitemaps
from services.links import dead
from services.personal_data import declarations
from services.viewsets import ServicesGroup


@hooks.register("construct_homepage_panels")
def homepage_panels(request: HttpRequest, panels: list) -> None:
    panels.append(review_admin.CurrencyPanel(request))


permissions.register()
register_snippet(ServicesGroup)
for register in (register_log_actions, bulk.register_log_actions, merging.register_log_actions):
    hooks.register("register_log_actions", register)
for action in ACTIONS:
    hooks.register("register_bulk_action", action)
hooks.register("register_admin_urls", lambda: reports_duplicates.urls)
hooks.register("register_reports_menu_item", reports_duplicates.menu_item)
hooks.register("register_requirement_evidence", requirement_evidence)
hooks.register("register_evidence_address", mending_address)
hooks.register("localoffer_sitemaps", sitemaps)
hooks.register("localoffer_personal_data", declarations)
hooks.register("register_admin_urls", lambda: [*review_admin.urls, *reports_currency.urls])
hooks.register("register_reports_menu_item", reports_currency.freshness_item)
hooks.register("register_reports_menu_item", reports_currency.links_item)
hooks.register("register_evidence_parts", parts)
hooks.register("register_dead_links", dead)
hooks.register("localoffer_recent_changes", recent.changes)
