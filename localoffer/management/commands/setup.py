"""Make the installation ready for an authority: its site, home page, groups and workflow."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from wagtail import hooks

from localoffer.coproduction import make_workflow
from localoffer.founding import found_authority, make_groups


class Command(BaseCommand):
    """Safe to repeat: what is there stays as it is."""

    help = "Create the site and home page of an authority, and the groups of staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="The council's name, such as “Avonmere Council”.")
        parser.add_argument("--area", default="", help="The place, such as “Avonmere”.")
        parser.add_argument("--hostname", default="localhost")
        parser.add_argument("--port", type=int, default=80)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not options["name"].strip():
            raise CommandError("Give the council's name.")
        site = found_authority(
            name=options["name"].strip(),
            area=options["area"].strip(),
            hostname=options["hostname"],
            port=options["port"],
        )
        make_groups(site)
        make_workflow(site.root_page)
        for founded in hooks.get_hooks(
            "localoffer_authority_founded"
        ):  # what the apps above need from the start
            founded(site)
        self.stdout.write(f"{site.site_name} is ready at {site.root_url}")
