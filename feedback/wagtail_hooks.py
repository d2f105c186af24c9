"""Registers what feedback adds to Wagtail and to the front page."""

from wagtail import hooks

from feedback.home import you_said

hooks.register("localoffer_home_sections", you_said)
