"""The demonstration's comments, taken through receiving and moderation as staff would."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from feedback import answers, gate, moderation, redaction
from feedback.about import About
from feedback.enums import ActionStatus, Channel, Consent, Disposition, Role, Topic
from feedback.models import Action, Comment, CommentSettings, ResponseTemplate
from localoffer.belonging import bind
from localoffer.models import SECTION_PAGES
from localoffer.regulations import Section
from localoffer.staff_groups import group_name
from services.models import Service

# The file's words → ours. Both "representatives" in it speak for a group of families; ours is the
# one of Schedule 3, who acts for a young person.
ROLES = {"representative": Role.GROUP}
TOPICS = {"content_missing": Topic.MISSING, "how_developed": Topic.HOW_MADE}
CONSENTS = {"do_not_publish": Consent.COUNT_ONLY}
REASONS = {
    Disposition.WITHHELD_INDIVIDUAL: "It asks about the help of one person, and names or points to them.",
    Disposition.WITHHELD_VEXATIOUS: "It insults people or repeats itself. Nothing in it is about the offer.",
    Disposition.SPAM: "An advert.",
}
# Where the demonstration's own pages show what changed.
EVIDENCE = {
    "transport_info": Section.TRANSPORT,
    "breaks_and_leisure": Section.SOCIAL_CARE,
    "school_avoidance": Section.EDUCATION,
}
SETTINGS = {
    "safeguarding_emails": "safeguarding.lead@avonmere.example.org",
    "complaints_words": "Ring 0117 496 0150, or write to the complaints team at our address",
    "other_ways": "Come to the coffee morning at Tannery Library, 10am on the first Monday of the month\n"
    "Tell somebody from Avonmere Parent Carer Voice. They pass it on without your name",
    "last_invited_on": date(2026, 9, 14),
    "last_invited_how": "by email to schools, at the autumn fair and on this site",
}
READY_ANSWERS = (
    ("Page put right", Topic.CONTENT_QUALITY, "Thank you. You were right. We have put the page right."),
    ("We add it", Topic.MISSING, "Thank you. We had left this out. We are adding it to the list."),
    (
        "Works on a phone",
        Topic.ACCESSIBILITY,
        "We are sorry. We are mending this, and test it with families.",
    ),
    (
        "Not ours to decide",
        "",
        "We cannot decide this. We have told the people who can, and will say what they do.",
    ),
)
# How some came in: the rest by this website.
CHANNELS = {
    "cmt-009": Channel.PHONE,
    "cmt-040": Channel.PHONE,
    "cmt-046": Channel.POST,
    "cmt-057": Channel.EVENT,
}
MODERATORS = (("demo.moderator", "Demo", "Moderator"), ("demo.manager", "Demo", "Manager"))


def day_of(text: str, plus: int = 0) -> datetime:
    """Noon of an ISO date and some days, never later than now."""
    noon = datetime.combine(date.fromisoformat(text) + timedelta(days=plus), time(12))
    return min(timezone.make_aware(noon), timezone.now())


@dataclass
class DemoComments:
    """What is in the file, and the steps of it that are not in the database yet."""

    authority: Site
    comments: list[dict[str, Any]]
    themes: list[dict[str, Any]]
    total: int = 0
    actions: int = 0
    leads: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, authority: Site) -> Self:
        content = json.loads(path.read_text(encoding="utf-8"))
        comments = sorted(content["comments"], key=lambda c: c["received_on"])
        made = cls(authority, comments, content["themes"], len(comments), len(content["themes"]))
        for comment in comments:
            if comment["expected"]["group"]:
                made.leads.setdefault(comment["expected"]["group"], comment["id"])
        return made

    def key(self, identity: str) -> str:
        return f"demo:{self.authority.pk}:{identity}"

    def waiting(self) -> list[Callable[[], None]]:
        """One call for each action and each comment that is not there yet, in the order they need."""
        there = set(Comment.objects.filter(submission_key__startswith="demo:").values_list("submission_key"))
        themes = set(Action.objects.of(self.authority).values_list("key", flat=True))
        return [
            *(partial(self.load_theme, theme) for theme in self.themes if theme["key"] not in themes),
            *(partial(self.load, c) for c in self.comments if (self.key(c["id"]),) not in there),
        ]

    # -- actions -----------------------------------------------------------------

    @transaction.atomic
    def load_theme(self, theme: dict[str, Any]) -> None:
        """Agreed three weeks after the first comment on it; then taken as far as the file says."""
        by = moderators(self.authority)[1]
        about = [c["received_on"] for c in self.comments if c["expected"]["theme"] == theme["key"]]
        status, target = ActionStatus(theme["status"]), theme["target_date"]
        begins_as = ActionStatus.PLANNED if status in ("done", "under_way") else status
        agreed = day_of(about[0], 21)
        due = date.fromisoformat(target) if target else None
        action = answers.agree_action(
            authority=self.authority,
            by=by,
            at=agreed,
            key=theme["key"],
            title=theme["key"].replace("_", " ").capitalize(),
            you_said=theme["you_said"],
            response=theme["we_did"],
            status=begins_as,
            reason=theme["reason"] or "",
            owner_role=theme["owner_role"],
            target_date=due,
            evidence_url=self.evidence(theme["key"]),
        )
        change = partial(answers.change_action, action=action, by=by, version=action.version)
        if status == ActionStatus.DONE:
            done = day_of(target)
            change(at=done, status=status, done_on=timezone.localdate(done))
        elif status == ActionStatus.UNDER_WAY:
            change(at=max(agreed, day_of(about[-1], 30)), status=status)

    def evidence(self, theme: str) -> str:
        """The page of this site that changed, where the demonstration has one."""
        if theme == "search_and_distance":
            return reverse("search:results")
        if theme not in EVIDENCE:
            return ""
        root = self.authority.root_page
        page = SECTION_PAGES[EVIDENCE[theme]].objects.live().descendant_of(root).first()
        return "/" + page.url_path.removeprefix(root.url_path) if page else ""

    # -- comments ------------------------------------------------------------------

    @transaction.atomic
    def load(self, row: dict[str, Any]) -> None:
        """Receive one comment and take it through moderation."""
        comment = moderation.receive(
            authority=self.authority,
            text=row["original"],
            role=ROLES.get(row["role"], row["role"]),
            topic=TOPICS.get(row["topic"], row["topic"]),
            consent=CONSENTS.get(row["consent"], row["consent"]),
            section=row["section"] or "",
            language=row["language"],
            about=self.about(row["service_id"]),
            email=row["contact_email"] or "",
            submission_key=self.key(row["id"]),
            channel=CHANNELS.get(row["id"], Channel.WEB),
            by=moderators(self.authority)[0] if row["id"] in CHANNELS else None,
            received_on=date.fromisoformat(row["received_on"]),
            at=day_of(row["received_on"]),
        )
        self.moderate(comment, row["expected"], row)

    def moderate(self, comment: Comment, expected: dict[str, Any], row: dict[str, Any]) -> None:
        first, second = moderators(self.authority)
        at = day_of(row["received_on"], 4)
        disposition = Disposition(expected["disposition"])
        if "safeguarding" in expected["flags"]:
            comment = moderation.flag_safeguarding(
                comment=comment, by=first, version=comment.version, on=True, at=at
            )
        if disposition in REASONS:
            comment = moderation.withhold(
                comment=comment,
                by=first,
                version=comment.version,
                ground=disposition,
                reason=REASONS[disposition],
                at=at,
            )
            if disposition == Disposition.WITHHELD_VEXATIOUS:
                moderation.confirm_withholding(
                    comment=comment, by=second, version=comment.version, agrees=True, at=at
                )
            return
        self.show(comment, expected, row, at)

    def show(self, comment: Comment, expected: dict[str, Any], row: dict[str, Any], at: datetime) -> None:
        first, _ = moderators(self.authority)
        action = Action.objects.of(self.authority).get(key=expected["theme"])
        step = {"comment": comment, "by": first, "version": comment.version, "at": at}
        lead_id = self.leads.get(expected["group"] or "", row["id"])
        if lead_id != row["id"]:
            moderation.group(lead=Comment.objects.get(submission_key=self.key(lead_id)), **step)
        elif comment.consent == Consent.COUNT_ONLY:
            moderation.count(action=action, **step)
        else:
            moderation.publish(
                public_text=expected["public_text"],
                nobody_identifiable=True,
                action=action,
                for_several=expected["disposition"] == Disposition.GROUPED,
                note=self.why_changed(comment, expected["public_text"]),
                **step,
            )

    @staticmethod
    def why_changed(comment: Comment, public_text: str) -> str:
        """What the marks in it say; where there is none, a spelling was put right."""
        if gate.is_same_text(public_text, comment.original):
            return ""
        return redaction.in_words(redaction.suggested(comment) or ["spelling"])

    def about(self, external_id: str | None) -> About | None:
        """The demonstration's service of that number, if it is loaded."""
        if not external_id:
            return None
        service = Service.objects.owned_by(self.authority).filter(source="demo", external_id=external_id)
        found = service.first()
        if found is None:
            return None
        return About(found.get_absolute_url(), found.name, section=found.section, service_id=found.pk)


def set_up(authority: Site) -> None:
    """What the demonstration's council sets for comments, once: what staff changed since is kept."""
    settings = CommentSettings.for_site(authority)
    if settings.complaints_words:
        return
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    settings.full_clean(exclude=["site"])
    settings.save()
    for title, topic, text in READY_ANSWERS:
        ResponseTemplate.objects.get_or_create(
            authority=authority, title=title, defaults={"topic": topic, "text": text}
        )


def moderators(authority: Site) -> list[Any]:
    """Two accounts of an authority that nobody can log in with, so that the record shows who did what."""
    after = "" if authority.is_default_site else f".{authority.pk}"
    accounts = []
    may = Permission.objects.get(content_type__app_label="feedback", codename="moderate_comment")
    for username, first, last in MODERATORS:
        account, made = get_user_model().objects.get_or_create(
            username=f"{username}{after}", defaults={"first_name": first, "last_name": last}
        )
        if made:
            account.set_unusable_password()
            account.save()
            account.user_permissions.add(may)
            if after:
                group, _ = Group.objects.get_or_create(name=group_name("Comment moderator", authority))
                bind(group, authority)
                account.groups.add(group)
        accounts.append(account)
    return accounts
