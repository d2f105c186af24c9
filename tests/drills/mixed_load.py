"""Families read, search and comment while editors publish: no error, no lost comment, memory flat.

    python -m tests.drills.mixed_load [--seconds 1800] [--rate 50] [--port 0] [--var DIR]

Serves the demonstration under gunicorn with 2 workers. Requests start at an even rate, whether those before
have been answered or not, as families do; where more than `--clients` are waiting the rest are late and
counted as such. Of a hundred, 55 read a page, 30 search, 10 read the record or the API, 4 send a comment and
1 publishes a page and looks at once whether readers see it. Prints the rate asked for and the rate reached,
p50 and p95 by kind, errors by kind, acknowledged comments beside those stored, and memory at the start, every
five minutes and at the end: always, also when it is stopped (Ctrl+C, SIGTERM) or the server cannot keep up.
Exits with 1 on any error, any comment that was thanked for and is not there exactly once, any published
change that was not seen, nine tenths of the rate not reached, or memory that grew by more than half from
a tenth of the time on. DIR holds a demonstration that is loaded already; the comments stay in it.
"""

import argparse
import os
import queue
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from tests.drills.comments_under_faults import HOST, ROOT, count, free_port, open_form, send, until_it_answers

KINDS = {"read": 55, "search": 30, "record": 10, "comment": 4, "publish": 1}
READ = [
    "/",
    "/transport/",
    "/education/",
    "/health/",
    "/social-care/",
    "/preparing-for-adulthood/",
    "/advice/",
    "/how-to-get-help/",
    "/contact/",
    "/glossary/",
    "/a-z/",
    "/ehc-plans/",
    "/news/",
    "/coverage/",
    "/services/",
    "/find-help/",
]
RECORD = [
    "/have-your-say/comments/",
    "/have-your-say/you-said-we-did/",
    "/have-your-say/comments.json",
    "/open-referral/services",
    "/open-referral/services?page=2",
    "/services/changes.atom",
    "/sitemap.xml",
]
WORDS = [
    "autism",
    "speech",
    "swimming",
    "respite",
    "transport",
    "club",
    "sleep",
    "anxiety",
    "adhd",
    "school",
    "wheelchair",
    "holiday",
]
MOST_GROWTH = 1.5
LEAST_RATE = 0.9
MEMORY_EVERY = 300  # seconds
# Seconds for what was begun when the time is up; the rest was never answered, and is counted.
GRACE = 60
# Publishes a page by the same functions as the editor does, again and again, as it is told on its input.
EDITOR = """
import sys
from localoffer.models import GuidancePage
page = GuidancePage.objects.live().filter(slug="contact").get()
for line in sys.stdin:
    page = GuidancePage.objects.get(pk=page.pk)
    page.introduction = line.strip()
    page.save_revision().publish()
    print("published", flush=True)
"""


@dataclass
class Seen:
    """What happened. `took`: kind → seconds of each."""

    took: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    thanked: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    unseen: int = 0
    late: int = 0
    due: int = 0
    busy: int = 0
    seconds: float = 0.0
    memory: list[tuple[float, int]] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Editor:
    """A process of its own, as an editor's request would be answered by another worker."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", EDITOR]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)
        self.lock = threading.Lock()
        # Until readers were looked at nobody publishes the next change.
        self.looked = threading.Lock()

    def publish(self, words: str) -> None:
        with self.lock:
            assert self.process.stdin
            assert self.process.stdout
            self.process.stdin.write(f"{words}\n")
            self.process.stdin.flush()
            if self.process.stdout.readline().strip() != "published":
                raise HTTPException("the editor could not publish")

    def stop(self) -> None:
        end(self.process)


def end(process: "subprocess.Popen[Any]") -> None:
    """Ask a process of ours to end; after a while make it."""
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def get(port: int, path: str) -> str:
    """The page, or HTTPException with its status."""
    connection = HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        if response.status != 200:
            raise HTTPException(f"{response.status} for {path.partition('?')[0]}")
        return body
    finally:
        connection.close()


def act(kind: str, port: int, random: Random, editor: Editor, seen: Seen) -> None:
    """One thing that somebody does."""
    if kind == "read":
        get(port, random.choice(READ))
    elif kind == "search":
        words = " ".join(random.sample(WORDS, random.choice((1, 1, 2))))
        more = random.choice(("", "&age=9", "&postcode=BS5+6RJ", "&need=ASD", "&page=2"))
        get(port, f"/services/?q={quote(words)}{more}")
    elif kind == "record":
        get(port, random.choice(RECORD))
    elif kind == "comment":
        words = f"Comment {random.randrange(10**5):05} of the drill, {secrets.token_hex(8)}"
        token, csrf, cookie = open_form(port)
        status = send(port, words, token, csrf, cookie)
        if status != 302:
            raise HTTPException(f"{status} for a comment")
        with seen.lock:
            seen.thanked.append(words)
    else:
        with editor.looked:
            words = f"Ring us. Word of this moment: {secrets.token_hex(6)}."
            editor.publish(words)
            shown = [words in get(port, "/contact/") for _ in range(3)]
        with seen.lock:
            seen.unseen += shown.count(False)


def client(work: "queue.Queue[tuple[float, str]]", port: int, seed: int, editor: Editor, seen: Seen) -> None:
    """Take what is due and do it, until the time is up."""
    random = Random(seed)
    while not seen.is_over.is_set():
        try:
            due, kind = work.get(timeout=0.5)
        except queue.Empty:
            continue
        start, problem = time.monotonic(), ""
        with seen.lock:
            seen.busy += 1
            seen.late += start - due > 1
        try:
            act(kind, port, random, editor, seen)
        except Exception as error:  # whatever it is, it is an error of this run and goes into its report
            problem = f"{kind}: {type(error).__name__} {error}"[:120]
        with seen.lock:
            seen.busy -= 1
            seen.took[kind].append(time.monotonic() - start)
            if problem:
                seen.errors[problem] += 1


def memory(master: int) -> int:
    """Kilobytes that the workers of a gunicorn hold of their own."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if lines.get("PPid", "").strip() == str(master):
            total += int(lines["RssAnon"].split()[0])
    return total


def run(port: int, master: int, options: argparse.Namespace, editor: Editor) -> Seen:
    """What was seen. Ends when the time is up, also where the server could not keep up."""
    seen, work, random = Seen(), queue.Queue(), Random(7)
    for seed in range(options.clients):
        threading.Thread(target=client, args=(work, port, seed, editor, seen), daemon=True).start()
    start = time.monotonic()
    seen.memory.append((0.0, memory(master)))
    marks = sorted([options.seconds / 10, *range(MEMORY_EVERY, options.seconds, MEMORY_EVERY)])
    try:
        for number in range(int(options.seconds * options.rate)):
            due = start + number / options.rate
            time.sleep(max(0.0, due - time.monotonic()))
            if marks and due - start >= marks[0]:
                seen.memory.append((marks.pop(0), memory(master)))
            work.put((due, random.choices(list(KINDS), list(KINDS.values()))[0]))
            seen.due += 1
    except KeyboardInterrupt:
        sys.stdout.write("Stopped before its time.\n")
    _wait(seen, work)
    seen.seconds = time.monotonic() - start
    seen.memory.append((seen.seconds, memory(master)))
    return seen


def _wait(seen: Seen, work: "queue.Queue[tuple[float, str]]") -> None:
    """For what is waiting, but not for ever."""
    ends = time.monotonic() + GRACE
    while (work.qsize() or seen.busy) and time.monotonic() < ends:
        time.sleep(0.1)
    seen.is_over.set()


def report(seen: Seen, rate: float, found: dict[str, int]) -> int:
    """Prints the tables; 0 where all is well."""
    with seen.lock:
        took = {kind: list(times) for kind, times in seen.took.items()}
        thanked, errors = list(seen.thanked), Counter(seen.errors)
    missing = [words for words in thanked if words not in found]
    twice = [words for words in thanked if found.get(words, 0) > 1]
    asked = sum(map(len, took.values()))
    reached = asked / seen.seconds
    early, last = seen.memory[min(1, len(seen.memory) - 1)][1], seen.memory[-1][1]
    lines = [
        f"{asked} things done in {seen.seconds:.0f} s: {reached:.1f} a second of {rate:g} asked for, "
        f"{seen.late} begun a second late or more, {seen.due - asked} never answered",
        *_times(took),
        *(f"{number:6}  {problem}" for problem, number in errors.most_common(20)),
        f"errors {errors.total()}; comments acknowledged {len(thanked)}, of those stored "
        f"{len(thanked) - len(missing)}, missing {len(missing)}, there twice {len(twice)}; "
        f"published changes not seen at once {seen.unseen}",
        "memory of the workers, MB: "
        + ", ".join(f"{size / 1024:.0f} at {at / 60:.1f} min" for at, size in seen.memory),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    faults = {
        "errors": errors.total(),
        "comments lost or doubled": len(missing) + len(twice),
        "stale pages": seen.unseen,
        "never answered": seen.due - asked,
        "rate not reached": int(reached < rate * LEAST_RATE),
        "memory grew": int(last > early * MOST_GROWTH),
    }
    bad = [name for name, number in faults.items() if number]
    good = "No error, no lost comment, nothing stale, memory flat."
    sys.stdout.write(f"FAILED: {', '.join(bad)}.\n" if bad else f"{good}\n")
    return 1 if bad else 0


def _times(took: dict[str, list[float]]) -> Iterator[str]:
    for kind, times in took.items():
        if times:
            cuts = statistics.quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
            middle = statistics.median(times)
            yield f"{kind:10}{len(times):7}   p50 {middle * 1000:8.1f} ms   p95 {cuts[18] * 1000:8.1f} ms"


def _prepare(environment: dict[str, str], *, is_loaded: bool) -> None:
    """Tables and the demonstration; what went wrong is said."""
    for command in [["migrate", "-v", "0"], *([] if is_loaded else [["demo"]])]:
        call = [sys.executable, "manage.py", *command]
        done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"manage.py {' '.join(command)} failed:\n{done.stderr[-2000:]}")


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=int, default=1800)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--clients", type=int, default=32, help="who wait for an answer at the same time")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--var", default="", help="a VAR_DIR whose demonstration is loaded already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "VAR_DIR": options.var or folder,
            "COMMENTS_AN_HOUR_FROM_ONE_PLACE": "1000000",
            "COMMENTS_AN_HOUR": "1000000",
            "EMAIL_URL": "dummymail://",
        }
        _prepare(environment, is_loaded=bool(options.var))
        port = options.port or free_port()
        serve = [
            sys.executable, "-m", "gunicorn", "localoffer.wsgi", "--bind", f"{HOST}:{port}",
            "--workers", "2", "--threads", "4", "--log-level", "critical", "--max-requests", "0",
        ]  # fmt: skip
        server = subprocess.Popen(serve, cwd=ROOT, env=environment)
        editor = Editor(environment)
        signal.signal(signal.SIGTERM, _stopped)
        try:
            until_it_answers(port, server)
            seen = run(port, server.pid, options, editor)
        finally:
            editor.stop()
            end(server)
        found = count(environment)
    return report(seen, options.rate, found)


if __name__ == "__main__":
    sys.exit(main())
