"""Load the demonstration's comments with what moderation made of each, through the same steps staff take."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from feedback.demo import DemoComments, set_up
from localoffer.authority import AuthorityNotFound, find_authority

FILE = settings.BASE_DIR / "demo" / "comments.json"


class Command(BaseCommand):
    """Safe to repeat: what is there is left alone, whatever staff did with it since."""

    help = "Load demo/comments.json: comments, actions, and every step of moderation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", help="The council's name. Default: the default site.")
        parser.add_argument("--file", type=Path, default=FILE, help="Default: those of the first council.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            authority = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        path = options["file"]
        if not path.exists():
            raise CommandError(f"There is no {path.name} in {path.parent.name}/.")
        demo = DemoComments.read(path, authority)
        waiting = demo.waiting()
        quiet = options["verbosity"] == 0 or not waiting
        for load in tqdm(waiting, desc="Comments", unit="", disable=True if quiet else None):
            load()
        if path == FILE:
            set_up(authority)
        self.stdout.write(
            f"{demo.total} comments and {demo.actions} actions are there; {len(waiting)} steps were new."
        )
