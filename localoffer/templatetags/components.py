"""Tags that draw the components of the public site."""

from django import template

register = template.Library()
