"""Everything that this app adds to Wagtail's admin, by kind; `wagtail_hooks` registers it."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from localoffer import (
    account_views,
    admin_panels,
    committee_views,
    format_requests,
    guide_views,
    rating_views,
    reports,
    reports_coproduction,
    reports_history,
    reports_personal_data,
    reports_plain_language,
    reports_twins,
    sharing_views,
    viewsets,
    waiting,
)

REPORTS = (
    reports,
    reports_coproduction,
    reports_twins,
    reports_history,
    reports_plain_language,
    reports_personal_data,
)
MENU_ITEMS = (*(report.menu_item for report in REPORTS), account_views.pack_item, account_views.roles_item)
PANELS = (
    admin_panels.CoveragePanel,
    reports_twins.TwinsPanel,
    waiting.WaitingPanel,
    account_views.AccountPanel,
)
URLS = [
    url
    for module in (*REPORTS, guide_views, account_views, committee_views, rating_views, sharing_views)
    for url in module.urls
]
LOG_ACTIONS = tuple(
    module.log_actions for module in (reports_twins, format_requests, sharing_views, rating_views)
)
HEADER_BUTTONS = tuple(
    module.header_button for module in (reports_plain_language, sharing_views, rating_views, committee_views)
)
VIEWSETS = (
    viewsets.GlossaryTermViewSet,
    viewsets.FormatRequestViewSet,
    viewsets.EvaluationSetViewSet,
    committee_views.AudienceViewSet,
)


def stylesheet() -> SafeString:
    """On every page of the admin: our panels stand on Wagtail's pages too."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


def script() -> SafeString:
    """On every page of the admin: names for what Wagtail draws without one."""
    return format_html('<script src="{}" defer></script>', static("js/admin-names.js"))
