"""Addresses under /have-your-say/."""

from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.comment, name="comment"),
    path("sent/<str:seal>/", views.sent, name="sent"),
    path("follow/", views.follow, name="follow"),
    path("comments/", views.log, name="log"),
    path("comments/<str:reference>/", views.log_entry, name="log_entry"),
]
