"""Where the import area is in the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from services import import_views as views


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return views.may_import(request.user)


class ImportViewSet(ViewSet):
    """Import and export: not of a model, so a viewset with pages of its own."""

    name = views.NAMESPACE
    url_prefix = "services/import"
    icon = "upload"
    menu_label = "Import and export"
    menu_item_class = ImportMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", views.IndexView.as_view(), name="index"),
            path("done/<int:pk>/", views.ResultView.as_view(), name="result"),
            path("under-way/<uuid:job>/", views.JobView.as_view(), name="job"),
            path("download/<str:name>/", views.DownloadView.as_view(), name="download"),
            path("<uuid:uuid>/", views.DryRunView.as_view(), name="dry_run"),
            path("<uuid:uuid>/words/", views.WordsView.as_view(), name="words"),
            path("<uuid:uuid>/apply/", views.ApplyView.as_view(), name="apply"),
            path("<uuid:uuid>/discard/", views.DiscardView.as_view(), name="discard"),
            path("<uuid:uuid>/rows.csv", views.RejectsView.as_view(), name="rejects"),
        ]
