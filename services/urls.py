"""Addresses of services."""

app_name = "services"
urlpatterns: list = []
