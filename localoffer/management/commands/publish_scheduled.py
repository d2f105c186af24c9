"""Publish and take down what staff gave a time, as Wagtail does, one run at a time."""

from wagtail.management.commands.publish_scheduled import Command as WagtailCommand

from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand, WagtailCommand):
    """Run it every ten minutes. A long run is not overtaken by the next."""

    help = "Publish pages and entries whose time has come, and take down those whose time is over."
