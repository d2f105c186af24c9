"""Give a person what is kept about them, or erase it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from localoffer import personal_data
from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.belonging import authorities_of
from localoffer.personal_data import Identity


class Command(BaseCommand):
    """Check first that whoever asks is the person. Nothing of what is found is printed or logged."""

    help = "Write all that is kept about a person to a file, or erase it with --erase."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", help="The council's name. Default: the default site.")
        parser.add_argument("--email", default="")
        parser.add_argument("--phone", default="")
        parser.add_argument("--reference", default="", help="The number of a comment, HYS-…")
        parser.add_argument("--file", help="Where to write the JSON; only you can read the file.")
        parser.add_argument("--erase", action="store_true", help="Erase what is theirs.")
        parser.add_argument("--by", help="With --erase: the account that answers for it.")
        parser.add_argument("--reason", default="", help="With --erase: for the record. Name nobody.")

    def handle(self, *args: Any, **options: Any) -> None:
        who = Identity(options["email"].strip(), options["phone"].strip(), options["reference"].strip())
        if not who:
            raise CommandError("Give --email, --phone or --reference.")
        try:
            site = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        if options["erase"]:
            self.erase(site, who, options)
        elif options["file"]:
            self.write(site, who, Path(options["file"]))
        else:
            raise CommandError("Give --file to write what is kept, or --erase.")

    def write(self, site: Any, who: Identity, path: Path) -> None:
        found = {
            kept.key: [
                {"title": held.title, "theirs": held.is_theirs, **held.data}
                for held in subject.find(site, who)
            ]
            for kept, subject in personal_data.subjects()
        }
        try:
            path.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise CommandError(f"{path.name} cannot be made: {error.strerror}.") from error
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False), encoding="utf-8")
        self.stdout.write(f"{sum(map(len, found.values()))} things written to {path.name}.")

    def erase(self, site: Any, who: Identity, options: dict[str, Any]) -> None:
        if not options["reason"].strip():
            raise CommandError("Give --reason, for the record. Name nobody.")
        by = get_user_model().objects.filter(username=options["by"] or "").first()
        if by is None:
            raise CommandError("Give --by, the name of the account that answers for it.")
        gone = 0
        for _, subject in personal_data.subjects():
            if site not in authorities_of(by, subject.erase_right):
                raise CommandError(
                    f"{by.get_username()} may not do this: the right {subject.erase_right} is missing."
                )
        for _, subject in personal_data.subjects():
            keys = [held.key for held in subject.find(site, who) if held.is_theirs]
            gone += subject.erase(site=site, keys=keys, by=by, reason=options["reason"])
        self.stdout.write(f"{gone} things erased. What is public stays, for nobody can be told by it.")
