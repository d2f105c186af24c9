"""A small fault drill: the server is killed once while comments come in, and none is lost or doubled."""

import subprocess
import sys

from tests.drills.comments_under_faults import ROOT


def test_comments_when_the_server_is_killed_then_each_acknowledged_one_is_there_exactly_once():
    drill = [sys.executable, "-m", "tests.drills.comments_under_faults"]
    small = ["--comments", "40", "--clients", "4", "--kills", "1"]
    done = subprocess.run([*drill, *small], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "Every acknowledged comment is there exactly once." in done.stdout
