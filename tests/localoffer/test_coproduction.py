"""The forum reviews, then the council publishes; nobody approves their own change; credit lapses."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Comment, TaskState, Workflow
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from localoffer import coproduction
from localoffer.coproduction import credits_of, lapsed, make_workflow
from localoffer.digests import last_editor, plain
from localoffer.founding import make_groups
from localoffer.models import AdvicePage, Credit, ForumReviewTask
from localoffer.regulations import Section
from tests.factories import answer_block, make_home, make_section, make_user

pytestmark = pytest.mark.django_db
FORUM = "Avonmere Parent Carer Voice"


@pytest.fixture
def people():
    make_groups()
    groups = {
        "editor": ["Council editor"],
        "forum": ["Forum editor"],
        "forum2": ["Forum editor"],
        "publisher": ["Council publisher"],
        "publisher2": ["Council publisher"],
        "both": ["Forum editor", "Council publisher"],
    }
    return {name: make_user(name, groups=names) for name, names in groups.items()}


@pytest.fixture
def home(people):
    home = make_home(forum_name=FORUM)
    make_workflow(home)
    return home


@pytest.fixture
def page(home):
    page = make_section(Section.ADVICE, home=home, slug="advice", title="Advice")
    page.save_revision().publish()
    return AdvicePage.objects.get(pk=page.pk)


class Editor:
    """What a person does with a page in the admin."""

    def __init__(self, client, page, people):
        self.client, self.page, self.people = client, page, people

    def post(self, who, words="<p>Ask us.</p>", **extra):
        self.client.force_login(self.people.get(who, who))
        data = {
            "title": "Advice",
            "slug": "advice",
            "introduction": "Who to ask.",
            "answers": streamfield(
                [
                    (
                        "answer",
                        {
                            "requirement": "adv.sources",
                            "body": rich_text(words, features=["bold"]),
                            "documents": streamfield([]),
                            "services": streamfield([]),
                        },
                    )
                ]
            ),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
        }
        address = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return self.client.post(address, nested_form_data({**data, **extra}), follow=True)

    def edit_page(self, who):
        self.client.force_login(self.people.get(who, who))
        return self.client.get(reverse("wagtailadmin_pages:edit", args=[self.page.pk])).content.decode()

    def act(self, who, action, task_state=None, page=None):
        """The button of the editor's menu; a forged request is the same address."""
        self.client.force_login(self.people.get(who, who))
        state = task_state or TaskState.objects.get(status="in_progress")
        name = "wagtailadmin_pages:workflow_action"
        address = reverse(name, args=[(page or self.page).pk, action, state.pk])
        return self.client.post(address, {"comment": ""}, follow=True)

    def live(self):
        self.client.logout()
        return self.client.get(self.page.get_url()).content.decode()


@pytest.fixture
def admin(client, page, people):
    return Editor(client, page, people)


def states():
    return list(TaskState.objects.order_by("pk").values_list("task__name", "status"))


def test_setup_when_repeated_then_one_workflow_in_two_steps_over_the_home_page(home):
    make_workflow(home)
    workflow = Workflow.objects.get(name=coproduction.WORKFLOW)
    assert [task.name for task in workflow.tasks] == ["Forum review", "Council publish"]
    assert home.get_workflow() == workflow
    groups = [list(t.specific.groups.values_list("name", flat=True)) for t in workflow.tasks]
    assert groups == [["Forum editor"], ["Council publisher"]]


def test_two_steps_when_each_is_another_person_then_published_and_credited(admin, page):
    admin.post("editor", "<p>Ring <b>us</b>.</p>", **{"action-submit": "1"})
    assert states() == [("Forum review", "in_progress")]
    assert "Ring" not in admin.live()
    admin.act("forum", "approve")
    assert states() == [("Forum review", "approved"), ("Council publish", "in_progress")]
    assert "Co-produced" not in admin.live()
    admin.act("publisher", "approve")
    html = admin.live()
    assert "Ring" in html
    today = date.today()
    assert html.count(f"Co-produced with {FORUM}, {today:%B %Y}") == 2  # the page, and its answer
    credit = Credit.objects.get(requirement="")
    assert (credit.approved_by.username, credit.published_on) == ("forum", today)
    assert lapsed(page.get_site()) == []


@pytest.mark.parametrize("who", ["editor", "publisher", "publisher2"])
def test_forum_review_when_not_of_the_forum_then_approval_refused(admin, who):
    admin.post("editor", **{"action-submit": "1"})
    admin.act(who, "approve")
    assert states() == [("Forum review", "in_progress")]


def test_forum_review_when_a_superuser_is_not_of_the_forum_then_they_may_only_ask_for_changes(
    admin, admin_user
):
    admin.post("editor", **{"action-submit": "1"})
    html = admin.edit_page(admin_user)
    assert "Request changes" in html
    assert "Approve" not in html
    admin.act(admin_user, "approve")
    assert states() == [("Forum review", "in_progress")]
    assert not Credit.objects.exists()


@pytest.mark.parametrize("superuser", [False, True])
def test_approval_when_by_the_last_editor_then_neither_offered_nor_accepted(admin, people, superuser):
    people["forum"].is_superuser = superuser
    people["forum"].save()
    admin.post("editor", **{"action-submit": "1"})
    admin.post("forum", "<p>Our own words.</p>")
    html = admin.edit_page("forum")
    assert "Request changes" in html
    assert "Approve" not in html
    assert "You made the last change to this page" in html
    admin.act("forum", "approve")
    assert states() == [("Forum review", "in_progress")]
    assert "Approve" in admin.edit_page("forum2")
    admin.act("forum2", "approve")
    assert states()[0] == ("Forum review", "approved")


def test_approval_when_sent_together_with_a_change_then_the_change_is_kept_and_not_approved(admin, page):
    admin.post("editor", **{"action-submit": "1"})
    action = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    admin.post("forum", "<p>Slipped in.</p>", **action)
    assert states() == [("Forum review", "in_progress")]
    assert "Slipped in" in str(AdvicePage.objects.get(pk=page.pk).get_latest_revision().content)
    assert "Slipped in" not in admin.live()


def test_approval_when_forged_through_another_page_then_refused(admin, home, page):
    other = make_section(Section.HEALTH, home=home)
    other.save_revision(user=admin.people["editor"])
    admin.post("editor", **{"action-submit": "1"})
    admin.post("forum", "<p>Our own words.</p>")
    own = TaskState.objects.get(status="in_progress")
    other.get_workflow().start(other, admin.people["editor"])
    admin.act("forum", "approve", task_state=own, page=other)
    own.refresh_from_db()
    assert own.status == "in_progress"


def test_on_action_when_called_for_the_last_editor_then_permission_denied(admin, people):
    admin.post("editor", **{"action-submit": "1"})
    admin.post("forum", "<p>Our own words.</p>")
    state = TaskState.objects.get(status="in_progress")
    with pytest.raises(PermissionDenied, match="You made the last change"):
        state.task.specific.on_action(state, people["forum"], "approve")


def test_council_step_when_the_last_editor_or_the_forums_approver_asks_then_refused(admin, people):
    admin.post("publisher", "<p>Ring us.</p>", **{"action-submit": "1"})
    admin.act("both", "approve")
    for who in ("publisher", "both"):
        assert 'workflow-action-name="approve"' not in admin.edit_page(who)
        admin.act(who, "approve")
    assert states()[-1] == ("Council publish", "in_progress")
    assert "You approved this page for the forum" in admin.edit_page("both")
    admin.act("publisher2", "approve")
    assert states()[-1] == ("Council publish", "approved")


def test_council_step_when_the_words_changed_after_review_then_back_to_the_forum_first(admin):
    admin.post("editor", **{"action-submit": "1"})
    admin.act("forum", "approve")
    admin.post("publisher", "<p>Not what the forum read.</p>")
    assert "Send back to the forum" in admin.edit_page("publisher2")
    admin.act("publisher2", "approve")
    assert states()[-1] == ("Council publish", "in_progress")
    admin.act("publisher2", "return_to_forum")
    assert states()[-1] == ("Forum review", "in_progress")
    admin.act("forum2", "approve")
    admin.act("publisher2", "approve")
    html = admin.live()
    assert "Not what the forum read." in html
    assert "Co-produced" in html


def test_comment_on_a_draft_when_left_by_a_reviewer_then_it_is_no_change_of_theirs(admin, page, people):
    admin.post("editor", "<p>Ring us.</p>", **{"action-submit": "1"})
    comment = {
        "comments-TOTAL_FORMS": 1,
        "comments-INITIAL_FORMS": 0,
        "comments-0-text": "Say which number.",
        "comments-0-contentpath": "introduction",
        "comments-0-id": "",
        "comments-0-position": "",
        "comments-0-replies-TOTAL_FORMS": 0,
        "comments-0-replies-INITIAL_FORMS": 0,
    }
    admin.post("forum", "<p>Ring us.</p>", **comment)
    assert Comment.objects.get().text == "Say which number."
    assert last_editor(page) == people["editor"].pk
    admin.act("forum", "approve")
    assert states()[0] == ("Forum review", "approved")


def approved(admin, words="<p>Ring us.</p>"):
    admin.post("editor", words, **{"action-submit": "1"})
    admin.act("forum", "approve")
    admin.act("publisher", "approve")


def test_credit_when_the_text_changes_then_lapses_and_is_reported_and_returns_with_the_old_words(admin, page):
    approved(admin)
    admin.post("publisher", "<p>Ring somebody else.</p>", **{"action-publish": "1"})
    assert "Co-produced" not in admin.live()
    row = lapsed(page.get_site())[0]
    assert (row.page.pk, row.credit.group_name) == (page.pk, FORUM)
    assert row.changed == ("Where can we get free advice?",)
    admin.post("publisher", "<p>Ring us.</p>", **{"action-publish": "1"})
    assert "Co-produced" in admin.live()
    assert lapsed(page.get_site()) == []


def test_credit_when_only_formatting_or_dates_change_then_stays(admin, page):
    approved(admin)
    admin.post(
        "publisher",
        "<p>Ring <b>us</b>.</p>",
        **{"action-publish": "1", "answers-0-value-reviewed_on": "2026-11-01"},
    )
    assert "Co-produced" in admin.live()


def test_credit_when_a_newer_approval_comes_then_its_date_is_shown(admin, page):
    approved(admin)
    Credit.objects.update(approved_on=date(2026, 3, 9))
    assert "Voice, March 2026" in admin.live()
    approved(admin, "<p>Ring us soon.</p>")
    assert "March 2026" not in admin.live()


def test_credit_when_approved_but_not_published_then_neither_shown_nor_reported_as_lapsed(admin, page):
    admin.post("editor", "<p>New.</p>", **{"action-submit": "1"})
    admin.act("forum", "approve")
    assert Credit.objects.count() == 2
    assert "Co-produced" not in admin.live()
    assert lapsed(page.get_site()) == []


def test_credit_when_one_answer_of_two_changes_then_the_other_keeps_it(home, people):
    page = make_section(
        Section.HEALTH,
        home=home,
        answers=[answer_block("health.urgent"), answer_block("health.therapies")],
        live=False,
    )
    page.save_revision(user=people["editor"])
    state = home.get_workflow().start(page, people["editor"]).current_task_state
    state.specific.task.specific.on_action(state.specific, people["forum"], "approve")
    revision = page.get_latest_revision()
    page = type(page).objects.get(pk=page.pk)
    page.answers = [answer_block("health.urgent", body="<p>New.</p>"), answer_block("health.therapies")]
    assert revision.user == people["editor"]
    found = credits_of(page)
    assert found.whole is None
    assert set(found.answers) == {"health.therapies"}


def test_answer_when_credit_is_typed_then_shown_until_the_same_group_approves(client, home):
    block = answer_block("adv.sources", co_produced_with=FORUM, reviewed_on=date(2025, 3, 9))
    page = make_section(Section.ADVICE, home=home, slug="advice", answers=[block])
    assert f"Co-produced with {FORUM}, 9 March 2025" in client.get(page.get_url()).content.decode()
    Credit.objects.create(
        page=page,
        requirement="adv.sources",
        group_name=FORUM,
        approved_on=date(2026, 5, 2),
        digest=coproduction.digests_of(page)["adv.sources"],
    )
    html = client.get(page.get_url()).content.decode()
    assert f"Co-produced with {FORUM}, May 2026" in html
    assert html.count("Co-produced") == 1


def test_answer_when_another_group_is_typed_then_both_are_named(client, home):
    block = answer_block("adv.sources", co_produced_with="The Loud Table", reviewed_on=date(2025, 3, 9))
    page = make_section(Section.ADVICE, home=home, slug="advice", answers=[block])
    Credit.objects.create(
        page=page,
        requirement="adv.sources",
        group_name=FORUM,
        approved_on=date(2026, 5, 2),
        digest=coproduction.digests_of(page)["adv.sources"],
    )
    html = client.get(page.get_url()).content.decode()
    assert "The Loud Table, 9 March 2025" in html
    assert f"{FORUM}, May 2026" in html


def test_forum_review_when_staff_change_the_groups_then_setup_leaves_them(home):
    ForumReviewTask.objects.get().groups.set(Group.objects.filter(name="Viewer"))
    make_workflow(home)
    assert ForumReviewTask.objects.get().groups.get().name == "Viewer"


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("<p>Ring us.</p>", '<p data-block-key="x1">Ring <b>us</b>.</p>', True),
        ("<p>a</p><p>b</p>", "<p>a</p> <p>b</p>", True),
        ("Fish &amp; chips", "Fish & chips", True),
        ('<a href="/a/">Here</a>', '<a href="/b/">Here</a>', False),
        ("under <5 years", "under 5 years", False),
        ("<ul><li>a</li><li>b</li></ul>", "<p>ab</p>", False),
    ],
)
def test_plain_when_markup_differs_then_only_words_and_targets_count(left, right, same):
    assert (plain(left) == plain(right)) is same


def test_dashboard_when_there_are_more_councils_then_no_more_queries(client, page, people):
    """Each council has its two tasks, and Wagtail asks every task whether this person may act on it."""
    client.force_login(people["publisher"])

    def asked() -> int:
        client.get(reverse("wagtailadmin_home"))  # what the site remembers is there
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("wagtailadmin_home")).status_code == 200
        return len(seen)

    before = asked()
    for number in range(5):
        task = ForumReviewTask.objects.create(name=f"Forum {number}")
        task.groups.add(Group.objects.create(name=f"Forum of council {number}"))
    assert asked() == before


def test_tasks_when_somebody_is_in_the_group_of_one_then_only_its_pages_wait_for_them(client, page, people):
    Editor(client, page, people).post("editor", **{"action-submit": "1"})
    assert [state.task.specific.name for state in TaskState.objects.reviewable_by(people["forum"])]
    assert not TaskState.objects.reviewable_by(people["publisher"])
