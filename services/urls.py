"""Addresses of services."""

from django.urls import path

from services import feeds, review_views, views
from services.package import views as package

app_name = "services"
urlpatterns = [
    path("changes.atom", feeds.changes, name="changes"),
    path("data/", package.about, name="data"),
    path("data/<str:name>/", package.download, name="data_file"),
    path("review/<str:token>/", review_views.review, name="review"),
    path("<int:pk>/", views.detail, name="short"),
    path("<int:pk>/sessions.ics", views.calendar, name="calendar"),
    path("<int:pk>/<str:slug>/", views.detail, name="detail"),
]
