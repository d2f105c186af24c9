"""Load the demonstration council, Avonmere, and print how to sign in."""

import secrets
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from wagtail.models import Site

from localoffer import demo_second
from localoffer.authority import find_authority
from localoffer.demo import load_pages, load_sign_offs, move_council, set_up_council
from localoffer.demo_account import load_account
from localoffer.demo_history import keep_snapshots

ADMIN = "admin"


class Command(BaseCommand):
    """Every step is safe to repeat; a second run changes nothing that staff have changed."""

    help = "Load the demonstration council and print the admin login."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hostname", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demonstration is not for production: it is refused when DEBUG=0.")
        started = time.monotonic()
        self.step("Making the tables")
        call_command("migrate", verbosity=0)
        self.step("Making the council's site")
        move_council(name="Avonmere Council", hostname=options["hostname"], port=options["port"])
        call_command(
            "setup",
            name="Avonmere Council",
            area="Avonmere",
            hostname=options["hostname"],
            port=options["port"],
        )
        site = find_authority("Avonmere Council")
        set_up_council(site)
        self.step("Loading the vocabularies")
        call_command("load_vocabularies")
        self.step("Loading the services")
        call_command("load_demo_services", authority=site.site_name)
        self.step("Publishing the pages")
        made = load_pages(site, settings.BASE_DIR / "demo", self.bar)
        self.stdout.write(f"  {made} pages published" if made else "  already there")
        self.step("Loading the statistics, and publishing the scorecard")
        load_account(site, settings.BASE_DIR / "demo")
        self.step("Loading the words that find each other")
        call_command("load_synonyms")
        self.step("Loading the guided finder and what staff taught search")
        call_command("load_demo_search", authority=site.site_name)
        self.step("Loading the comments")
        call_command("load_demo_comments", authority=site.site_name)
        self.step("Loading consultation, gaps and last year's report")
        call_command("load_demo_record", authority=site.site_name)
        self.step("Signing off what is met")
        signed = load_sign_offs(site)
        self.stdout.write(f"  {signed} signed off" if signed else "  already there")
        keep_snapshots(site)
        call_command("audit_coverage", authority=site.site_name, keep=True, stdout=StringIO())
        second = self.second(options["port"])
        self.step("Building the search index")
        call_command("rebuild_index", if_needed=True)
        self.report(site, second, time.monotonic() - started)

    def second(self, port: int) -> Site:
        """A small council beside the first, at an address of its own on this machine."""
        self.step("Making a second council, Marrowdale, in the same installation")
        folder = settings.BASE_DIR / "demo"
        given = demo_second.read(folder)
        name = given["settings"]["council_name"]
        move_council(name=name, hostname=given["hostname"], port=port)
        call_command(
            "setup",
            name=name,
            area=given["settings"]["area_name"],
            hostname=given["hostname"],
            port=port,
            stdout=StringIO(),
        )
        site = find_authority(name)
        demo_second.set_up(site, given)
        own = folder / demo_second.FOLDER
        made = demo_second.load_pages(site, folder)
        quiet = {"authority": name, "verbosity": 0, "stdout": StringIO()}
        call_command("load_demo_services", file=own / "services.jsonl", **quiet)
        call_command("load_demo_comments", file=own / "comments.json", **quiet)
        self.stdout.write(f"  {made} pages published" if made else "  already there")
        return site

    def step(self, words: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(words))
        self.stdout.flush()

    def bar(self, rows: list[Any]) -> Iterator[Any]:
        return iter(tqdm(rows, desc="  pages", unit="page", disable=not rows))

    def report(self, site: Site, second: Site, seconds: float) -> None:
        """Where the site is and how to sign in."""
        name, password = self.login()
        self.stdout.write(
            self.style.SUCCESS(
                f"\nReady in {seconds:.0f} s.\n\n"
                f"  The site    {site.root_url}/\n"
                f"  The admin   {site.root_url}/admin/\n"
                f"  Sign in as  {name}   password  {password}\n\n"
                f"  A second council in the same installation, apart from the first:\n"
                f"  {second.site_name}  {second.root_url}/\n"
                f"  An officer of each, who sees and changes only their own:\n"
                f"{self.officers(site, second)}"
            )
        )

    def officers(self, *sites: Site) -> str:
        found = demo_second.officers(list(sites), settings.VAR_DIR / "demo-officers.json")
        return "".join(
            f"  {site.root_url}/admin/  {name}   password  {password}\n" for site, name, password in found
        )

    def login(self) -> tuple[str, str]:
        """The administrator; a random password, kept in a file that only this user can read."""
        kept = settings.VAR_DIR / "demo-login.txt"
        people = get_user_model().objects
        if people.filter(username=ADMIN).exists():
            known = kept.read_text(encoding="utf-8").strip() if kept.exists() else "(the one you set)"
            return ADMIN, known
        password = secrets.token_urlsafe(9)
        kept.touch(mode=0o600)
        kept.write_text(password + "\n", encoding="utf-8")
        people.create_superuser(ADMIN, "admin@avonmere.example.org", password)
        return ADMIN, password
