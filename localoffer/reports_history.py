"""The way from the admin's reports to the time machine."""

from django.urls import URLPattern, reverse
from wagtail.admin.menu import MenuItem

urls: list[URLPattern] = []


def menu_item() -> MenuItem:
    return MenuItem("The offer on a day", reverse("as_of_start"), icon_name="history", order=130)
