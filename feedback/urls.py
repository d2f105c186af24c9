"""Addresses under /have-your-say/."""

from django.urls import path

from feedback import report_views, views

app_name = "feedback"
urlpatterns = [
    path("", views.comment, name="comment"),
    path("young-people/", views.young, name="young"),
    path("sent/<str:seal>/", views.sent, name="sent"),
    path("follow/", views.follow, name="follow"),
    path("you-said-we-did/", views.said_and_did, name="said_and_did"),
    path("useful/", report_views.was_useful, name="was_useful"),
    path("useful/thanks/", report_views.useful_thanks, name="useful_thanks"),
    # The pages under this address are in the page tree: what is not found here falls through to Wagtail.
    path("annual-report/<slug:period>/<slug:part>.csv", report_views.report_file, name="report_file"),
    path("comments/", views.log, name="log"),
    path("comments.csv", views.log_csv, name="log_csv"),
    path("comments.json", views.log_json, name="log_json"),
    path("comments.atom", views.log_feed, name="log_feed"),
    path("comments/<str:reference>/", views.log_entry, name="log_entry"),
]
