"""Work after an answer: by another thread, once the answer has gone, and never an error for a reader."""

import threading

import pytest
from django.core.signals import request_finished

from localoffer import after_answer


def settle():
    """Wait for the thread: all that was handed to it before has been done."""
    after_answer._thread.submit(lambda: None).result()


@pytest.fixture(autouse=True)
def nothing_asked():
    after_answer._asked.works.clear()


def test_work_when_the_answer_has_not_gone_then_it_waits_and_then_another_thread_does_it():
    done = []
    after_answer.do_later(lambda: done.append(threading.current_thread()))
    settle()
    assert not done
    after_answer._begin()
    settle()
    assert [thread is threading.current_thread() for thread in done] == [False]


def test_work_when_done_once_then_not_again_with_the_next_answer():
    done = []
    after_answer.do_later(lambda: done.append(1))
    after_answer._begin()
    after_answer._begin()
    settle()
    assert done == [1]


def test_work_when_it_fails_then_the_next_is_done_and_the_log_names_no_words(caplog):
    done = []

    def fail():
        raise ValueError("somebody@example.org")

    after_answer.do_later(fail)
    after_answer.do_later(lambda: done.append(1))
    after_answer._begin()
    settle()
    assert done == [1]
    assert "ValueError" in caplog.text
    assert "somebody" not in caplog.text


def test_work_when_too_much_waits_then_left_out_and_said(caplog):
    gate, done = threading.Event(), []
    after_answer.do_later(gate.wait)
    for _ in range(after_answer.MOST_WAITING + 5):
        after_answer.do_later(lambda: done.append(1))
    after_answer._begin()
    gate.set()
    settle()
    assert len(done) == after_answer.MOST_WAITING - 1
    assert caplog.text.count("left out") == 6


def test_work_when_django_says_that_the_answer_has_gone_then_begun():
    assert any(key[0] == "localoffer.after_answer" for key, *_ in request_finished.receivers)
