"""Registers what feedback adds to Wagtail and to the front page."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from feedback.home import you_said
from feedback.viewsets import FeedbackGroup

hooks.register("localoffer_home_sections", you_said)


@hooks.register("register_admin_viewset")
def feedback_group() -> ViewSetGroup:
    return FeedbackGroup()
