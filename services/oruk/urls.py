"""Addresses of the Open Referral UK API. The standard's have no slash at the end; with one they work too."""

from django.urls import URLPattern, path, re_path

from services.oruk import api, guide

app_name = "oruk"


def _both(name: str, many: object, one: object, single: str) -> list[URLPattern]:
    return [
        re_path(rf"^{name}/?$", many, name=name),
        re_path(rf"^{name}/(?P<asked>[^/]+)/?$", one, name=single),
    ]


urlpatterns = [
    path("", api.about, name="about"),
    path("openapi.json", api.describe, name="openapi"),
    path("docs/", guide.guide, name="guide"),
    *_both("services", api.services, api.service, "service"),
    *_both("service_at_locations", api.service_at_locations, api.service_at_location, "service_at_location"),
    *_both("taxonomies", api.taxonomies, api.taxonomy, "taxonomy"),
    *_both("taxonomy_terms", api.taxonomy_terms, api.taxonomy_term, "taxonomy_term"),
    path("<path:path>", api.nothing),
]
