"""Personal data: kept apart, deleted on time, given and erased on request, and found nowhere else."""

import json
import logging
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from feedback import annual, moderation, privacy
from feedback.enums import ActionStatus, Consent, Disposition, Topic
from feedback.models import Comment, CommentContact, ModerationEvent, RetentionSettings
from localoffer import personal_data
from localoffer.format_requests import receive as ask_for_format
from localoffer.models import FormatRequestContact
from localoffer.personal_data import Identity
from tests.factories import make_action, make_comment, make_moderator, make_published
from tests.feedback.record import YEAR, make_staffed_site, make_writer

pytestmark = pytest.mark.django_db
EMAIL, PHONE, SAID = "rosalind.quill@example.org", "0117 496 0987", "Zebedee Quill at Number Nineteen"
FROM = "198.51.100.77"
SECRETS = (EMAIL, "4960987", PHONE, "Quill", "Zebedee")


@pytest.fixture
def site():
    return make_staffed_site()


def secret_comment(site, **fields) -> Comment:
    return make_comment(site, text=f"My son {SAID} waits.", email=EMAIL, phone=PHONE, **fields)


def published(site, by, **fields) -> Comment:
    comment = secret_comment(site, **fields)
    return moderation.publish(
        comment=comment, by=by, version=comment.version, public_text="My son waits.",
        nobody_identifiable=True, response="We are sorry.", note="Took a name out.",
    )  # fmt: skip


# -- the declaration ---------------------------------------------------------------------


def test_declarations_when_read_then_no_field_about_people_is_left_out():
    assert personal_data.undeclared() == []


def test_declarations_when_a_field_is_taken_out_then_it_is_missed(monkeypatch):
    kept = [k for k in personal_data.declared() if k.key != "comment_contacts"]
    monkeypatch.setattr(personal_data, "declared", lambda: kept)
    assert "feedback.CommentContact.email" in personal_data.undeclared()
    assert personal_data.check_declared(None)[0].id == "localoffer.W010"


def test_declarations_when_they_name_fields_then_each_is_there():
    from django.apps import apps

    for kept in personal_data.declared():
        for name in kept.holds:
            app, model, *field = name.split(".")
            found = apps.get_model(app, model)
            if field and field[0] != "*":
                found._meta.get_field(field[0])


def test_page_when_retention_is_changed_then_it_says_the_new_days(site, client):
    RetentionSettings.objects.create(site=site, contact_days=41)
    client.force_login(make_writer())
    html = client.get(reverse("personal_data")).content.decode()
    assert "41 days after the comment is closed" in html
    exported = client.get(reverse("personal_data"), {"export": "csv"}).getvalue().decode()
    assert "41 days" in exported


# -- purging -----------------------------------------------------------------------------


def later(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_purge_when_closed_long_enough_then_the_contact_goes_and_the_text_stays(site):
    comment = published(site, make_moderator())
    assert privacy.purge(authority=site, today=later(90)).contacts == 0
    assert privacy.purge(authority=site, today=later(91)).contacts == 1
    comment.refresh_from_db()
    assert comment.public_text == "My son waits."
    assert SAID in comment.original
    assert not CommentContact.objects.exists()


def test_purge_when_something_is_still_to_do_then_the_contact_stays_until_the_most(site):
    by = make_moderator()
    comment = secret_comment(site)
    action = make_action(site, by=by)
    moderation.publish(
        comment=comment, by=by, version=1, public_text="My son waits.", nobody_identifiable=True,
        action=action, note="Took a name out.",
    )  # fmt: skip
    secret_comment(site)  # nobody has read it yet
    assert privacy.purge(authority=site, today=later(300)).contacts == 0
    assert privacy.purge(authority=site, today=later(366)).contacts == 2


def test_purge_when_originals_are_old_then_only_closed_ones_go(site):
    old = timezone.localdate() - timedelta(days=1200)
    comment = published(site, make_moderator(), received_on=old)
    waiting = secret_comment(site, received_on=old)
    assert privacy.purge(authority=site).originals == 1
    comment.refresh_from_db()
    waiting.refresh_from_db()
    assert not any(secret in comment.original for secret in SECRETS)
    assert comment.erased_on == timezone.localdate()
    assert SAID in waiting.original
    assert privacy.purge(authority=site).originals == 0
    assert "Kept long enough." in [e.note for e in comment.events.all()]


def test_command_when_run_then_counts_and_names_nobody(site, capsys):
    published(site, make_moderator())
    CommentContact.objects.update(given_on=date(2020, 1, 1))
    call_command("purge_comments")
    out = capsys.readouterr().out
    assert "1 contacts" in out
    assert not any(secret in out for secret in SECRETS)


# -- one person ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who",
    [Identity(email=EMAIL.upper()), Identity(phone="+44 117 496 0987"), Identity(phone="(0117) 4960987")],
)
def test_find_when_known_by_contact_then_all_of_theirs(site, who):
    published(site, make_moderator())
    make_comment(site, email="other@example.org")
    found = privacy.CommentSubject().find(site, who)
    assert [held.data["email"] for held in found if held.is_theirs] == [EMAIL]


def test_find_when_only_named_by_somebody_else_then_not_theirs(site):
    make_comment(site, text=f"Write to {EMAIL} please.")
    [held] = privacy.CommentSubject().find(site, Identity(email=EMAIL))
    assert not held.is_theirs


@pytest.mark.parametrize("who", [Identity(), Identity(phone="12"), Identity(reference="nonsense")])
def test_find_when_nothing_was_told_then_nobody(site, who):
    published(site, make_moderator())
    assert privacy.CommentSubject().find(site, who) == []


def test_erase_when_published_then_the_public_text_stays_and_the_person_goes(site, client):
    by = make_moderator()
    comment = published(site, by)
    [held] = privacy.CommentSubject().find(site, Identity(reference=comment.reference))
    gone = privacy.CommentSubject().erase(site=site, keys=[held.key], by=by, reason="They asked.")
    assert gone == 1
    comment.refresh_from_db()
    assert comment.public_text == "My son waits."
    assert comment.is_entry
    assert client.get(comment.get_absolute_url()).status_code == 200
    assert everything_in_the_database() & set(SECRETS) == set()


def test_erase_when_nobody_has_read_it_then_counted_and_not_shown(site):
    by = make_moderator()
    comment = secret_comment(site)
    privacy.CommentSubject().erase(site=site, keys=[comment.reference], by=by, reason="They asked.")
    comment.refresh_from_db()
    assert (comment.disposition, comment.consent) == (Disposition.GROUPED, Consent.COUNT_ONLY)
    assert comment.public_text == ""


def test_erase_when_it_tells_of_harm_then_the_record_of_it_stays_flagged(site):
    by = make_moderator()
    comment = secret_comment(site)
    comment = moderation.flag_safeguarding(comment=comment, by=by, version=1, on=True)
    privacy.CommentSubject().erase(site=site, keys=[comment.reference], by=by, reason="They asked.")
    comment.refresh_from_db()
    assert comment.safeguarding
    assert comment.disposition == Disposition.NEW


def test_erase_when_not_a_moderator_then_refused(site):
    from django.core.exceptions import PermissionDenied

    comment = secret_comment(site)
    with pytest.raises(PermissionDenied):
        privacy.CommentSubject().erase(site=site, keys=[comment.reference], by=make_writer(), reason="x")


def test_command_when_a_person_asks_then_a_private_file_with_everything(site, tmp_path, capsys):
    published(site, make_moderator())
    ask_for_format(
        authority=site,
        answers={"page_wanted": "Transport", "format": "paper", "name": "R Quill", "email": EMAIL},
    )
    path = tmp_path / "person.json"
    call_command("subject_data", email=EMAIL, file=str(path))
    data = json.loads(path.read_text(encoding="utf-8"))
    assert SAID in data["comments"][0]["original"]
    assert data["format_requests"][0]["name"] == "R Quill"
    assert path.stat().st_mode & 0o077 == 0
    assert not any(secret in capsys.readouterr().out for secret in SECRETS)
    with pytest.raises(CommandError, match="cannot be made"):
        call_command("subject_data", email=EMAIL, file=str(path))


def test_command_when_erasing_then_everywhere_and_with_a_name_that_answers(site):
    get_user_model().objects.create_superuser("officer", "o@example.org", "x")
    published(site, make_moderator())
    ask_for_format(
        authority=site, answers={"page_wanted": "Transport", "format": "paper", "name": "R", "email": EMAIL}
    )
    with pytest.raises(CommandError, match="--reason"):
        call_command("subject_data", email=EMAIL, erase=True, by="officer")
    with pytest.raises(CommandError, match="--by"):
        call_command("subject_data", email=EMAIL, erase=True, reason="They asked.")
    call_command("subject_data", email=EMAIL, erase=True, by="officer", reason="They asked.")
    assert not FormatRequestContact.objects.exists()
    assert everything_in_the_database() & set(SECRETS) == set()


def test_admin_when_a_moderator_finds_downloads_and_erases_then_done_and_logged(site, client):
    comment = published(site, make_moderator())
    client.force_login(make_moderator("second"))
    address = reverse("personal_data_person")
    assert comment.reference in client.post(address, {"email": EMAIL, "find": "1"}).content.decode()
    file = client.post(address, {"email": EMAIL, "file": "1"})
    assert SAID in file.content.decode()
    assert "no-store" in file["Cache-Control"]
    assert "Give a reason" in client.post(address, {"email": EMAIL, "erase": "1"}).content.decode()
    client.post(address, {"email": EMAIL, "erase": "1", "reason": "They asked."})
    comment.refresh_from_db()
    assert comment.erased_on
    assert comment.events.order_by("-pk").first().by_name == "second"


def test_admin_when_not_allowed_then_no_look_at_a_person(site, client):
    from tests.factories import make_user

    user = make_user("viewer", groups=["Viewer"])
    client.force_login(user)
    assert client.get(reverse("personal_data_person")).status_code in (302, 403)
    assert client.get(reverse("personal_data")).status_code == 200


# -- nowhere else ----------------------------------------------------------------------------


def everything_in_the_database(*but: str) -> set[str]:
    """Which secrets stand anywhere in any table, the named ones left out."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in but:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            text = repr(cursor.fetchall())
            found |= {secret for secret in SECRETS if secret in text}
    return found


def test_whole_path_when_moderated_then_no_personal_data_but_where_it_belongs(site, client, caplog):
    """Logs, the record, mail, the index, exports, the report and every other table."""
    caplog.set_level(logging.DEBUG)
    by = make_moderator()
    published(site, by, topic=Topic.MISSING, received_on=date(2025, 2, 3))
    withheld = secret_comment(site)
    moderation.withhold(
        comment=withheld, by=by, version=1, ground=Disposition.WITHHELD_INDIVIDUAL,
        reason="It is about the help of one person.",
    )  # fmt: skip
    harm = secret_comment(site)
    moderation.flag_safeguarding(comment=harm, by=by, version=1, on=True)
    call_command("find_gaps")
    annual.draft_report(authority=site, period=YEAR)
    call_command("rebuild_index")
    client.force_login(get_user_model().objects.create_superuser("root", "root@example.org", "x"))
    pages = [
        "/have-your-say/comments/",
        "/have-your-say/comments.csv",
        "/have-your-say/comments.json",
        "/have-your-say/comments.atom",
        "/have-your-say/you-said-we-did/",
        withheld.get_absolute_url(),
        harm.get_absolute_url(),
        reverse("feedback_gaps:export", args=["csv"]),
        reverse("feedback_gaps:index"),
        reverse("feedback_record:index"),
        reverse("personal_data"),
        "/admin/",
    ]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        text = b"".join(response).decode("utf-8", "replace")
        assert not [secret for secret in SECRETS if secret in text], address
    assert everything_in_the_database("feedback_comment", "feedback_commentcontact") == set()
    events = repr(list(ModerationEvent.objects.values_list("note", "details")))
    entries = repr(list(ModelLogEntry.objects.values())) + repr(list(PageLogEntry.objects.values()))
    letters = "".join(f"{m.subject}{m.body}" for m in mail.outbox)
    for text in (caplog.text, events, entries, letters):
        assert not [secret for secret in SECRETS if secret in text]


def broken_report(rf) -> list[str]:
    """What an administrator is sent when the form fails with a person's words in its hands."""
    from django.views.debug import ExceptionReporter

    request = rf.post("/have-your-say/", {"text": SAID, "email": EMAIL}, REMOTE_ADDR=FROM)
    try:
        local = SAID
        raise ValueError(f"broken after {len(local)} characters")
    except ValueError as error:
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
    return [reporter.get_traceback_text(), reporter.get_traceback_html()]


def test_error_report_when_the_form_fails_inside_then_nothing_typed_is_in_it(rf):
    for report in broken_report(rf):
        assert "broken after" in report
        assert not [hidden for hidden in (*SECRETS, FROM) if hidden in report]


def test_published_when_done_then_action_stays_for_all(site):
    """What the law wants published is not personal data: it outlives the person's wish to be forgotten."""
    by = make_moderator()
    action = make_action(
        site, by=by, status=ActionStatus.DONE, done_on=timezone.localdate(), target_date=None
    )
    comment = make_published(site, by=by, action=action)
    privacy.CommentSubject().erase(site=site, keys=[comment.reference], by=by, reason="They asked.")
    comment.refresh_from_db()
    assert comment.action == action
