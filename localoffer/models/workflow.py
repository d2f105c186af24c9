"""The two steps of co-production: the forum reviews, then the council publishes.

Nobody approves their own last change, superusers included. Only `get_actions` decides what is
offered, and `on_action` asks it again, so that a forged request is refused like a missing button.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState

from localoffer.digests import last_editor, revision_digest
from localoffer.models.credit import Credit

OWN_CHANGE = "You made the last change to this page, so somebody else has to approve it."
OWN_REVIEW = "You approved this page for the forum, so somebody else has to publish it."
CHANGED_SINCE = "The words have changed since the forum approved them. Send the page back to the forum."
RETURN = ("return_to_forum", "Send back to the forum", False)


class ReviewLock(WorkflowLock):
    """Tells a reviewer why there is no button to approve."""

    def get_message(self, user: AbstractBaseUser) -> str | None:
        return super().get_message(user) or self.task.why_not(self.object, user)


def _last_changed_by(thing: Any) -> int | None:
    """The id of who made the last change. An entry of the directory may be in a workflow, too."""
    if isinstance(thing, Page):
        return last_editor(thing)
    return thing.latest_revision.user_id if thing.latest_revision else None


class FourEyesTask(AbstractGroupApprovalTask):
    """Approval by one of a group, never by the one who made the last change."""

    lock_class = ReviewLock

    class Meta:
        abstract = True

    def _user_in_groups(self, user: AbstractBaseUser) -> bool:
        """Asked once a request of all tasks of this kind: each council has its own, and the first page of the
        admin asks every one of them."""
        kept: dict[type, set[int]] = getattr(user, "_own_review_tasks", {})
        if type(self) not in kept:
            own = type(self).objects.filter(groups__in=user.groups.all())
            kept[type(self)] = set(own.values_list("pk", flat=True))
            user._own_review_tasks = kept
        return self.pk in kept[type(self)]

    def why_not(self, page: Page, user: AbstractBaseUser) -> str:
        """Why this reviewer may not approve, in words; empty where they may."""
        return OWN_CHANGE if _last_changed_by(page) == user.pk else ""

    def get_actions(self, obj: Page, user: AbstractBaseUser) -> list[tuple[str, str, bool]]:
        actions = super().get_actions(obj, user)
        if any(name == "approve" for name, _, _ in actions) and self.why_not(obj, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    @transaction.atomic
    def on_action(
        self, task_state: TaskState, user: AbstractBaseUser, action_name: str, **kwargs: Any
    ) -> Any:
        """Raises PermissionDenied for an action that this person may not take on *this* page.

        The page is that of the task state, whatever address was asked: Wagtail's view trusts the
        page in the address, and saves an editor's change before it approves.
        """
        page = task_state.workflow_state.content_object
        if action_name not in {name for name, _, _ in self.get_actions(page, user)}:
            raise PermissionDenied(self.why_not(page, user) or "You may not do this.")
        return super().on_action(task_state, user, action_name, **kwargs)


class ForumReviewTask(FourEyesTask):
    """The parent carer forum reads it. Its approval is the public credit, so only its own
    members give it: a superuser who is not one may ask for changes, no more."""

    class Meta:
        verbose_name = "forum review"

    def get_actions(self, obj: Page, user: AbstractBaseUser) -> list[tuple[str, str, bool]]:
        actions = super().get_actions(obj, user)
        return actions if self._user_in_groups(user) else [a for a in actions if a[0] != "approve"]

    @classmethod
    def get_description(cls) -> str:
        return "Members of the chosen groups review it. Whoever made the last change cannot approve it."


class CouncilPublishTask(FourEyesTask):
    """The council publishes what the forum has approved, and nothing else.

    Where the words have changed since, they go back to the forum first.
    """

    class Meta:
        verbose_name = "council publication"

    def why_not(self, page: Page, user: AbstractBaseUser) -> str:
        approval = self.forum_approval(page)
        if approval is not None and approval.finished_by_id == user.pk:
            return OWN_REVIEW
        changed = isinstance(page, Page) and self.has_changed_since_review(page)
        return super().why_not(page, user) or (CHANGED_SINCE if changed else "")

    def forum_approval(self, page: Page) -> TaskState | None:
        """The forum's latest approval in the workflow that the page is in."""
        state = page.current_workflow_state
        return forum_approvals(state).order_by("-finished_at", "-pk").first() if state else None

    def has_changed_since_review(self, page: Page) -> bool:
        """Whether the latest words are not those that the forum approved."""
        approval = self.forum_approval(page)
        if approval is None:
            return False
        credit = Credit.objects.filter(task_state=approval, requirement="").first()
        latest = page.revisions.order_by("-created_at", "-pk").first()
        return credit is not None and credit.digest != revision_digest(latest)

    def get_actions(self, obj: Page, user: AbstractBaseUser) -> list[tuple[str, str, bool]]:
        actions = super().get_actions(obj, user)
        return [*actions, RETURN] if actions and self.has_changed_since_review(obj) else actions

    @transaction.atomic
    def on_action(
        self, task_state: TaskState, user: AbstractBaseUser, action_name: str, **kwargs: Any
    ) -> Any:
        answer = super().on_action(task_state, user, action_name, **kwargs)
        if action_name == RETURN[0]:
            self.return_to_forum(task_state, user)
        return answer

    def return_to_forum(self, task_state: TaskState, user: AbstractBaseUser) -> None:
        """Close this step and start the forum's again in the same workflow."""
        approval = forum_approvals(task_state.workflow_state).order_by("-finished_at", "-pk").first()
        task_state.status = TaskState.STATUS_CANCELLED
        task_state.finished_by = user
        task_state.save()
        task_state.workflow_state.update(user=user, next_task=approval.task)

    @classmethod
    def get_description(cls) -> str:
        return "Members of the chosen groups publish it. Whoever made the last change cannot approve it."


def forum_approvals(state: WorkflowState) -> models.QuerySet[TaskState]:
    """The approvals that the forum has given in a workflow."""
    return TaskState.objects.filter(
        workflow_state=state,
        status=TaskState.STATUS_APPROVED,
        task__in=ForumReviewTask.objects.values("pk"),
    )
