"""Registers the admin's additions, and no more."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from localoffer import admin_panels, reports, reports_coproduction, reports_twins


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("coverage/", reports.coverage_report, name="coverage_report"),
        path("coverage/<str:key>/sign/", reports.sign_requirement, name="sign_requirement"),
        *reports_coproduction.urls,
        *reports_twins.urls,
    ]


@hooks.register("register_reports_menu_item")
def coverage_menu_item() -> MenuItem:
    return MenuItem("Coverage", reverse("coverage_report"), icon_name="tasks", order=100)


@hooks.register("construct_homepage_panels")
def coverage_panel(request: HttpRequest, panels: list) -> None:
    panels.append(admin_panels.CoveragePanel(request))
    panels.append(reports_twins.TwinsPanel(request))


hooks.register("register_reports_menu_item", reports_coproduction.menu_item)
hooks.register("register_reports_menu_item", reports_twins.menu_item)
hooks.register("register_log_actions", reports_twins.log_actions)
