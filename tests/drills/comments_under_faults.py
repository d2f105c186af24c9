"""Send many comments while the server is killed and started again: each that was thanked for is there once.

    python -m tests.drills.comments_under_faults [--comments 1000] [--clients 16] [--kills 3] [--port 0]

The database is DATABASE_URL's, or a new SQLite file; it is migrated, and the comments stay in it. A client
that gets no answer sends the same form again, as a person does. Exits with 1 where a comment is missing or
there twice. Prints what was sent, acknowledged, sent again and found.
"""

import argparse
import os
import queue
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent.parent
FORM = "/have-your-say/"
HOST = "127.0.0.1"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
MOST_TRIES = 400
LONGEST_START = 180  # seconds


@dataclass
class Tally:
    """What the clients saw. `thanked`: words of a comment → how often it was thanked for."""

    thanked: dict[str, int] = field(default_factory=dict)
    broken: int = 0
    refused: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def thank(self, words: str) -> int:
        with self.lock:
            self.thanked[words] = self.thanked.get(words, 0) + 1
            return len(self.thanked)


class Server:
    """The site under gunicorn, killed with SIGKILL, workers and all."""

    def __init__(self, port: int, environment: dict[str, str]) -> None:
        self.port, self.environment = port, environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable, "-m", "gunicorn", "localoffer.wsgi", "--bind", f"{HOST}:{self.port}",
            "--workers", "2", "--threads", "4", "--log-level", "critical",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True, stderr=subprocess.DEVNULL
        )
        until_it_answers(self.port, self.process)

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def until_it_answers(port: int, process: "subprocess.Popen[bytes]", path: str = FORM) -> None:
    """Return once the port takes connections and a page, by default the form, is served.

    Raises SystemExit with the last answer where the server ends, or does not come to serve it.
    """
    last, ends = "no answer", time.monotonic() + LONGEST_START
    while process.poll() is None and time.monotonic() < ends:
        try:
            connection = HTTPConnection(HOST, port, timeout=30)
            connection.request("GET", path)
            status = connection.getresponse().status
            if status == 200:
                return
            last = f"{path} answered {status}"
        except (OSError, HTTPException) as error:
            last = type(error).__name__
        threading.Event().wait(0.1)
    raise SystemExit(f"The server did not start: {last}.")


def client(
    port: int, work: "queue.SimpleQueue[str]", tally: Tally, after_each: "threading.Condition"
) -> None:
    """Take words from the queue and send each until it is thanked for, under one token."""
    while True:
        try:
            words = work.get_nowait()
        except queue.Empty:
            return
        token, csrf, cookie = "", "", ""
        for _ in range(MOST_TRIES):
            try:
                if not token:
                    token, csrf, cookie = open_form(port)
                status = send(port, words, token, csrf, cookie)
            except (OSError, HTTPException):
                with tally.lock:
                    tally.broken += 1
                threading.Event().wait(0.1)
                continue
            if status == 302:
                tally.thank(words)
                break
            with tally.lock:
                tally.refused.append(status)
            threading.Event().wait(0.1)
        with after_each:
            after_each.notify_all()


def open_form(port: int) -> tuple[str, str, str]:
    """The form's signed token, and what proves that the form was ours."""
    connection = HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", FORM)
    response = connection.getresponse()
    page = response.read().decode()
    token, csrf = TOKEN.search(page), CSRF.search(page)
    if not token or not csrf:
        raise HTTPException("no form")
    return token[1], csrf[1], (response.getheader("Set-Cookie") or "").partition(";")[0]


def send(port: int, words: str, token: str, csrf: str, cookie: str) -> int:
    """Press "Send my comment"; the status of the answer."""
    body = urlencode(
        {
            "csrfmiddlewaretoken": csrf, "token": token, "step": "check", "go": "send",
            "role": "parent_carer", "topic": "other", "text": words, "consent": "publish",
            "email": f"{words[-8:]}@example.org",
        }
    )  # fmt: skip
    connection = HTTPConnection(HOST, port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", FORM, body, headers)
    response = connection.getresponse()
    response.read()
    return response.status


def run(comments: int, clients: int, kills: int, port: int, environment: dict[str, str]) -> tuple[Tally, int]:
    """Send them all; kill and start the server at even steps. The tally, and how often it was killed."""
    work: queue.SimpleQueue[str] = queue.SimpleQueue()
    for number in range(comments):
        work.put(f"Comment {number:05} of the drill, {secrets.token_hex(4)}")
    tally, after_each = Tally(), threading.Condition()
    server = Server(port, environment)
    server.start()
    threads = [
        threading.Thread(target=client, args=(port, work, tally, after_each), daemon=True)
        for _ in range(clients)
    ]
    killed = 0
    try:
        for thread in threads:
            thread.start()
        for step in range(1, kills + 1):
            wanted = comments * step // (kills + 1)
            with after_each:
                after_each.wait_for(lambda wanted=wanted: len(tally.thanked) >= wanted)
            server.kill()
            killed += 1
            server.start()
        for thread in threads:
            thread.join()
    finally:
        server.kill()
    return tally, killed


def count(environment: dict[str, str]) -> dict[str, int]:
    """How often each comment of the drill is in the database, and whether each has its one first event."""
    script = (
        "from feedback.models import Comment, CommentContact, ModerationEvent\n"
        "drill = Comment.objects.filter(original__contains=' of the drill, ')\n"
        "print(*drill.values_list('original', flat=True), sep='\\n')\n"
        "print('events', ModerationEvent.objects.filter(comment__in=drill, kind='received').count())\n"
        "print('contacts', CommentContact.objects.filter(comment__in=drill).count())\n"
    )
    shell = [sys.executable, "manage.py", "shell", "-v", "0", "-c", script]
    out = subprocess.run(shell, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    found: dict[str, int] = {}
    for line in out.splitlines():
        if line.startswith("Comment "):
            found[line] = found.get(line, 0) + 1
        elif line.startswith(("events ", "contacts ")):
            found[line.split()[0]] = int(line.split()[1])
    return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--comments", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "VAR_DIR": os.environ.get("DRILL_DIR", folder),
            "COMMENTS_AN_HOUR_FROM_ONE_PLACE": "1000000",
            "COMMENTS_AN_HOUR": "1000000",
            "EMAIL_URL": "dummymail://",
        }
        for command in (["migrate", "-v", "0"], ["setup", "--name", "Drill Council"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                check=True,
                capture_output=True,
            )
        port = options.port or free_port()
        tally, killed = run(options.comments, options.clients, options.kills, port, environment)
        found = count(environment)
    return report(options.comments, tally, killed, found)


def report(comments: int, tally: Tally, killed: int, found: dict[str, int]) -> int:
    events, contacts = found.pop("events"), found.pop("contacts")
    missing = [words for words in tally.thanked if words not in found]
    twice = [words for words, times in found.items() if times > 1]
    unthanked = [words for words in found if words not in tally.thanked]
    rows = {
        "sent": comments,
        "acknowledged": len(tally.thanked),
        "times the server was killed": killed,
        "answers that never came, sent again": tally.broken,
        "refused and sent again": len(tally.refused),
        "in the database": sum(found.values()),
        "acknowledged and missing": len(missing),
        "there more than once": len(twice),
        "there and never acknowledged": len(unthanked),
        "first events": events,
        "contacts": contacts,
    }
    for words, number in rows.items():
        sys.stdout.write(f"{number:6}  {words}\n")
    good = not missing and not twice and len(tally.thanked) == comments == events == contacts
    sys.stdout.write("Every acknowledged comment is there exactly once.\n" if good else "FAILED.\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
