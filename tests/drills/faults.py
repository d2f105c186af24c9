"""Break what the site stands on while it is served, and look what a family sees and what is kept.

    python -m tests.drills.faults [--only locked,disk,cache,migration]

Each part starts the site under gunicorn on a new SQLite file, sends comments as a browser does, breaks
something, mends it, and sends again what was not thanked for. Exits with 1 where a comment that was
thanked for is missing or there twice. `disk` mounts a small disk in memory and needs root; `cache` needs
Redis, which scripts/redis.sh installs.
"""

import argparse
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.drills.comments_under_faults import FORM, HOST, ROOT, Server, free_port, open_form

TEMPLATE = "migrated.sqlite3"
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


@dataclass
class Seen:
    """What happened in one part. `thanked`: words that were acknowledged."""

    thanked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.problems.append(what)


class Site:
    """The site on a folder of its own, and a family at its form."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CACHE_URL")},
            "VAR_DIR": str(folder), "EMAIL_URL": "dummymail://", "DEBUG": "0", "HTTPS": "0",
            "ALLOWED_HOSTS": "localhost,127.0.0.1", "SECRET_KEY": "0123456789abcdefghij" * 3,
            "COMMENTS_AN_HOUR_FROM_ONE_PLACE": "100000", "DISK_FREE_LEAST": "1", **settings,
        }  # fmt: skip
        self.server = Server(free_port(), self.environment)
        self.seen = Seen()
        self.sent = 0

    def manage(self, *args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *args]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def ask(self, path: str, form: dict[str, str] | None = None, cookie: str = "") -> tuple[int, str]:
        connection = HTTPConnection(HOST, self.server.port, timeout=90)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        body = urlencode(form) if form else None
        connection.request("POST" if form else "GET", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()

    def new_form(self) -> tuple[dict[str, str], str]:
        token, csrf, cookie = open_form(self.server.port)
        self.sent += 1
        form = {
            "csrfmiddlewaretoken": csrf, "token": token, "step": "check", "go": "send", "topic": "other",
            "role": "parent_carer", "text": f"Comment {self.sent} of the drill", "consent": "publish",
        }  # fmt: skip
        return form, cookie

    def send(self, form: dict[str, str], cookie: str) -> int:
        """Press the button; what a family is told is kept, and whether their words came back."""
        status, page = self.ask(FORM, form, cookie)
        if status == 302:
            self.seen.thanked.append(form["text"])
        else:
            heading = HEADING.search(page)
            self.seen.told.append(f"{status}: {heading[1].strip() if heading else '?'}")
            self.seen.expect(form["text"] in page, "the words were not shown back")
            self.seen.expect("Traceback" not in page, "a traceback was shown")
        return status

    def kept(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "localoffer.sqlite3")) as database:
            rows = database.execute("SELECT original FROM feedback_comment").fetchall()
        return [words for (words,) in rows]


def locked(site: Site) -> None:
    """Another process holds the database: a short time is waited for, a long one is told."""
    site.server.start()
    with closing(sqlite3.connect(site.folder / "localoffer.sqlite3", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        first = site.new_form()
        began = time.monotonic()
        status = site.send(*first)
        site.seen.expect(status == 503, f"a held database answered {status}")
        site.seen.expect(time.monotonic() - began < 60, "it took over a minute to say so")
        status, _ = site.ask("/services/?q=swimming")
        site.seen.expect(status == 200, f"reading answered {status} while the database was held")
        holder.execute("ROLLBACK")
    site.seen.expect(site.send(*first) == 302, "the same form was not taken afterwards")
    site.seen.expect(site.send(*first) == 302, "sending twice was not thanked for")
    site.seen.thanked.pop()


def disk(site: Site) -> None:
    """The disk is full to the last byte; then there is room again."""
    site.server.start()
    site.send(*site.new_form())
    form = site.new_form()
    filler = site.folder / "filler"
    with filler.open("wb", buffering=0) as full:
        try:
            while True:
                full.write(b"\0" * 65536)
        except OSError:
            pass
        try:
            while True:
                full.write(b"\0")
        except OSError:
            pass
    refused = 0
    for _ in range(12):  # SQLite may have a little room left in its log
        refused += site.send(*form) == 503
        form = form if refused else site.new_form()
        if refused:
            break
    site.seen.expect(refused > 0, "a full disk was never noticed")
    status, page = site.ask("/readyz")
    site.seen.expect(status == 503 and '"disk": "failed"' in page, f"readyz said {status} {page}")
    filler.unlink()
    site.seen.expect(site.send(*form) == 302, "the same form was not taken afterwards")


def cache(site: Site) -> None:
    """Redis stops and starts: readers and writers see nothing of it."""
    site.server.start()
    pages = ("/", FORM, "/services/?q=swimming", "/have-your-say/comments/")
    for step in ("running", "stopped", "running again"):
        if step == "stopped":
            redis(site.folder, "stop")
        elif step == "running again":
            redis(site.folder, "start", site.environment["REDIS_PORT"])
        for page in pages:
            status, _ = site.ask(page)
            site.seen.expect(status == 200, f"{page} answered {status} with Redis {step}")
        site.send(*site.new_form())
        time.sleep(2.1)  # what /readyz keeps
        status, page = site.ask("/readyz")
        site.seen.expect(status == 200, f"readyz said {status} with Redis {step}")
        if step == "stopped":
            site.seen.expect('"cache": "degraded"' in page, f"readyz said {page}")


def migration(site: Site) -> None:
    """An upgrade is killed half way: /readyz says so, and running it again finishes it."""
    database = site.folder / "localoffer.sqlite3"
    database.unlink()
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    running = subprocess.Popen(command, cwd=ROOT, env=site.environment, start_new_session=True)
    while running.poll() is None and not _has_table(database, "services_service"):
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    site.seen.expect(running.returncode == -signal.SIGKILL, "it had ended before it was killed")
    half = site.manage(
        "shell", "-v", "0", "-c", "from localoffer import health; print(health.look().is_ready)"
    )
    site.seen.expect(half.stdout.strip().endswith("False"), "a half migrated site called itself ready")
    again = site.manage("migrate", "-v", "0")
    site.seen.expect(again.returncode == 0, f"running it again failed: {again.stderr[-300:]}")
    site.manage("setup", "--name", "Drill Council")
    site.server.start()
    status, page = site.ask("/readyz")
    site.seen.expect(status == 200, f"readyz said {status} {page}")
    site.send(*site.new_form())


def _has_table(database: Path, name: str) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as look:
            return bool(look.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [name]).fetchone())
    except sqlite3.Error:
        return False


def redis(folder: Path, *args: str) -> None:
    action, *port = args
    command = [str(ROOT / "scripts/redis.sh"), action, str(folder / "redis"), *port]
    subprocess.run(command, check=True, capture_output=True)


PARTS: dict[str, Callable[[Site], None]] = {
    "locked": locked, "disk": disk, "cache": cache, "migration": migration,
}  # fmt: skip


def run(name: str, folder: Path, template: Path) -> Seen:
    """One part on a copy of the migrated database."""
    settings: dict[str, str] = {}
    if name == "disk":
        options = ["-t", "tmpfs", "-o", "size=40m", "tmpfs"]
        subprocess.run(["mount", *options, str(folder)], check=True)
    if name == "cache":
        port = str(free_port())
        redis(folder, "start", port)
        settings = {"CACHE_URL": f"rediscache://127.0.0.1:{port}/0", "REDIS_PORT": port}
    site = Site(folder, **settings)
    try:
        (folder / "localoffer.sqlite3").write_bytes(template.read_bytes())
        site.manage("collectstatic", "--noinput", "-v", "0")
        PARTS[name](site)
        kept = site.kept()
        lost = [words for words in site.seen.thanked if words not in kept]
        site.seen.expect(not lost, f"{len(lost)} acknowledged comments are lost")
        site.seen.expect(len(kept) == len(set(kept)), "a comment is there twice")
        site.seen.expect(len(kept) == len(site.seen.thanked), "one is there that was never acknowledged")
    finally:
        site.server.kill()
        if name == "cache":
            redis(folder, "stop")
        if name == "disk":
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    return site.seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS))
    wanted = parser.parse_args().only.split(",")
    good = True
    with tempfile.TemporaryDirectory() as folder:
        first = Site(Path(folder))
        for command in (["migrate", "-v", "0"], ["setup", "--name", "Drill Council"]):
            done = first.manage(*command)
            if done.returncode:
                sys.exit(done.stderr)
        template = Path(folder) / TEMPLATE
        with closing(sqlite3.connect(Path(folder) / "localoffer.sqlite3")) as made:
            made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        template.write_bytes((Path(folder) / "localoffer.sqlite3").read_bytes())
        for name in wanted:
            below = Path(folder) / name
            below.mkdir()
            seen = run(name, below, template)
            good &= not seen.problems
            sys.stdout.write(f"{name}: {(PARTS[name].__doc__ or '').strip()}\n")
            sys.stdout.write(
                f"  a family was told: {'; '.join(dict.fromkeys(seen.told)) or 'nothing amiss'}\n"
            )
            sys.stdout.write(f"  acknowledged {len(seen.thanked)}, problems {seen.problems or 'none'}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
