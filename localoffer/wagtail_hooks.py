"""Registers the admin's additions, and no more."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from localoffer import (
    admin_panels,
    films,
    format_requests,
    personal_data_own,
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

REPORTS = (reports, reports_coproduction, reports_twins, reports_history, reports_plain_language)
REPORTS += (reports_personal_data,)
ACCOUNT = (sharing_views, rating_views)
PANELS = (admin_panels.CoveragePanel, reports_twins.TwinsPanel, waiting.WaitingPanel)

hooks.register("construct_homepage_panels", lambda request, panels: panels.extend(p(request) for p in PANELS))
hooks.register("localoffer_personal_data", personal_data_own.declarations)
hooks.register("register_admin_urls", lambda: [url for m in (*REPORTS, *ACCOUNT) for url in m.urls])
hooks.register("before_serve_document", films.serve_part, order=100)
for report in REPORTS:
    hooks.register("register_reports_menu_item", report.menu_item)
for module in (reports_twins, format_requests, *ACCOUNT):
    hooks.register("register_log_actions", module.log_actions)
for module in (reports_plain_language, *ACCOUNT):
    hooks.register("register_page_header_buttons", module.header_button)
for viewset in (viewsets.GlossaryTermViewSet, viewsets.FormatRequestViewSet, viewsets.EvaluationSetViewSet):
    register_snippet(viewset)
