"""The composition root: which app answers which address."""

from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from localoffer import (
    history_views,
    login,
    openid,
    own_account,
    own_reports,
    page_passwords,
    printing_views,
    routing,
    sharing_views,
    sitemaps,
    views,
)

handler400 = "localoffer.views.bad_request"
handler500 = "localoffer.views.server_error"

urlpatterns = [
    path("theme-<slug:asked>.css", views.theme, name="theme"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.part, name="sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("coverage/", views.coverage, name="coverage"),
    path("coverage.json", views.coverage_json, name="coverage_json"),
    path("whats-changed/", views.whats_changed, name="whats_changed"),
    path("easy-read/", views.other_ways, name="other_ways"),
    path("as-of/", history_views.start, name="as_of_start"),
    re_path(r"^as-of/(?P<day>[^/]+)/(?P<path>.*)$", history_views.as_of, name="as_of"),
    path("shared/<str:token>/", sharing_views.shared_page, name="shared_page"),
    path("print/", printing_views.whole_offer, name="print_offer"),
    path("print/<path:path>", printing_views.section, name="print_section"),
    path("admin/", include(own_account.urls)),
    path("admin/", include(own_reports.urls)),
    path("admin/", include(wagtailadmin_urls)),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        page_passwords.of_documents,
        name="wagtaildocs_authenticate_with_password",
    ),
    path("documents/", include(wagtaildocs_urls)),
    path("services/", include("search.urls")),
    path("services/", include("services.urls")),
    path("open-referral/", include("services.oruk.urls")),
    path("have-your-say/", include("feedback.urls")),
    # Pictures only: documents go by Wagtail's own view, which asks who may read them.
    path("media/images/<path:path>", views.picture, name="picture"),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        page_passwords.of_page,
        name="wagtailcore_authenticate_with_password",
    ),
    path("_util/sign-on/", openid.StartView.as_view(), name="sign_on"),
    path("_util/sign-on/callback/", openid.CallbackView.as_view(), name="sign_on_callback"),
    path("_util/login/", login.reader_login, name="wagtailcore_login"),
    # Not Wagtail's own forms below _util, which let people in to private pages.
    re_path(
        rf"^(?!_util/){wagtail_urls.serve_pattern.removeprefix('^')}", routing.page, name="wagtail_serve"
    ),
    path("", include(wagtail_urls)),
]
