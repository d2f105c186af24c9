"""A small fault drill: the server is killed once while comments come in, and none is lost or doubled."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection

from tests.drills.comments_under_faults import ROOT


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_comments_when_the_server_is_killed_then_each_acknowledged_one_is_there_exactly_once(tmp_path):
    if connection.vendor == "sqlite":  # begins with what the migrations made
        with closing(sqlite3.connect(tmp_path / "localoffer.sqlite3")) as copy:
            connection.connection.backup(copy)
    drill = [sys.executable, "-m", "tests.drills.comments_under_faults"]
    small = ["--comments", "40", "--clients", "4", "--kills", "1"]
    env = {**os.environ, "DRILL_DIR": str(tmp_path)}
    done = subprocess.run([*drill, *small], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "Every acknowledged comment is there exactly once." in done.stdout
