"""Addresses under /have-your-say/."""

from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.comment, name="comment"),
    path("young-people/", views.young, name="young"),
    path("sent/<str:seal>/", views.sent, name="sent"),
    path("follow/", views.follow, name="follow"),
    path("you-said-we-did/", views.said_and_did, name="said_and_did"),
    path("comments/", views.log, name="log"),
    path("comments.csv", views.log_csv, name="log_csv"),
    path("comments.json", views.log_json, name="log_json"),
    path("comments.atom", views.log_feed, name="log_feed"),
    path("comments/<str:reference>/", views.log_entry, name="log_entry"),
]
