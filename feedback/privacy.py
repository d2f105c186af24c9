"""What feedback keeps about people: declared, purged on time, given to whom it is about, erased.

SEND Regulations 2014, reg 56: comments are published with nobody identifiable. So what was published
stays when a person asks to be forgotten, and what tells who they are goes (requirement R56-y).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from wagtail.models import Site

from feedback import moderation, references
from feedback.enums import OPEN, PENDING, SHOWN, Consent, EventKind
from feedback.models import Comment, CommentContact, RetentionSettings
from localoffer.personal_data import Held, Identity, Kept, plain

LONG_ENOUGH = "[What was written here was deleted on {}. It had been kept long enough.]"
AT_REQUEST = "[What was written here was deleted on {}. The writer asked for it.]"
ASKED_BEFORE_READ = "The writer asked us to delete this. We counted it."
PLACED_BY_LOADER = "demo:"


@dataclass(frozen=True, slots=True)
class Purged:
    """How many contacts and originals went."""

    contacts: int = 0
    originals: int = 0


def closed(authority: Site) -> QuerySet[Comment]:
    """Comments with nothing left to do, with `closed_at`: the moment of the last step.

    Not pending; and where it is shown or counted, answered, with no action that is still open.
    """
    shown = Q(disposition__in=SHOWN)
    answered = ~Q(response="") | Q(action__isnull=False) | Q(together_with__isnull=False)
    waiting = Q(action__status__in=OPEN) | Q(together_with__action__status__in=OPEN)
    return (
        Comment.objects.of(authority)
        .exclude(disposition__in=PENDING)
        .filter(~shown | answered)
        .exclude(shown & waiting)
        .annotate(closed_at=Max("events__at"), done_on=Max("action__changed_on"))
    )


def _closed_on(comment: Any) -> date:
    """The day of the last step of the comment or of its action."""
    at = timezone.localdate(comment.closed_at) if comment.closed_at else comment.received_on
    return max(at, comment.done_on or at)


@transaction.atomic
def purge(*, authority: Site, today: date | None = None) -> Purged:
    """Delete contacts and originals that have been kept as long as the authority's settings say."""
    today = today or timezone.localdate()
    kept = RetentionSettings.for_site(authority)
    contacts = CommentContact.objects.filter(comment__authority=authority).select_related("comment")
    oldest = today - timedelta(days=kept.contact_at_most_days)
    closed_before = today - timedelta(days=kept.contact_days)
    done = {
        comment.pk
        for comment in closed(authority).filter(contact__isnull=False)
        if _closed_on(comment) < closed_before
    }
    gone = [c for c in contacts if c.given_on < oldest or c.comment_id in done]
    for contact in gone:
        _forget_contact(contact.comment, None, "Kept long enough.")
    old = closed(authority).filter(erased_on=None, received_on__lt=today - timedelta(days=kept.original_days))
    originals = list(old)
    for comment in originals:
        _replace_original(comment, LONG_ENOUGH, today)
        moderation.log_step(comment, EventKind.FORGOTTEN, None, note="Kept long enough.", what="original")
    return Purged(len(gone), len(originals))


def _forget_contact(comment: Comment, by: Any, reason: str) -> None:
    CommentContact.objects.filter(comment=comment).delete()
    moderation.log_step(comment, EventKind.FORGOTTEN, by, note=reason, what="contact")


def _replace_original(comment: Comment, words: str, today: date) -> None:
    """Nobody has the words any more; what was made of them stays. Makes a moderator's open page stale."""
    rows = Comment.objects.filter(pk=comment.pk)
    rows.update(
        original=words.format(f"{today.day} {today:%B %Y}"), erased_on=today, version=F("version") + 1
    )
    rows.exclude(submission_key__startswith=PLACED_BY_LOADER).update(submission_key=None)


# -- one person's data -----------------------------------------------------------------


class CommentSubject:
    """What somebody told the authority, found by their contact or by the number of a comment."""

    right = erase_right = moderation.MODERATE

    def find(self, site: Site, who: Identity) -> list[Held]:
        """Theirs first; then those of others that hold their email address or phone number."""
        comments = Comment.objects.of(site).select_related("contact")
        number = references.parse(who.reference)
        theirs = [c for c in comments.filter(contact__isnull=False) if self._is(c.contact, who)]
        if number:
            theirs += [c for c in comments.filter(reference=number) if c not in theirs]
        found = [self._held(comment, is_theirs=True) for comment in theirs]
        known = {comment.pk for comment in theirs}
        mentions = [c for c in self._mentioning(comments, who) if c.pk not in known]
        return found + [self._held(comment, is_theirs=False) for comment in mentions]

    def _is(self, contact: CommentContact, who: Identity) -> bool:
        digits = Identity(phone=contact.phone).phone_digits
        same_email = bool(who.email) and contact.email.lower() == who.email.lower()
        return same_email or bool(digits and digits == who.phone_digits)

    def _mentioning(self, comments: QuerySet[Comment], who: Identity) -> list[Comment]:
        words = [word for word in (who.email, who.phone.strip()) if len(word) >= 6]
        if not words:
            return []
        condition = Q()
        for word in words:
            condition |= Q(original__icontains=word) | Q(public_text__icontains=word)
        return list(comments.filter(condition))

    def _held(self, comment: Comment, *, is_theirs: bool) -> Held:
        data: dict[str, Any] = {
            "reference": comment.reference,
            "received_on": plain(comment.received_on),
            "original": comment.original,
            "public_text": comment.public_text,
            "disposition": comment.get_disposition_display(),
        }
        if is_theirs:
            contact = getattr(comment, "contact", None)
            data |= {
                "how": comment.get_channel_display(),
                "role": comment.get_role_display(),
                "about": comment.about_title,
                "subject": comment.get_topic_display(),
                "language": comment.language,
                "may_we_show_it": comment.get_consent_display(),
                "our_answer": comment.response,
                "email": contact.email if contact else "",
                "phone": contact.phone if contact else "",
                "steps": [
                    [plain(timezone.localdate(event.at)), event.get_kind_display()]
                    for event in comment.events.order_by("at", "pk")
                ],
            }
        return Held(comment.reference, f"Comment {comment.reference}", data, is_theirs)

    @transaction.atomic
    def erase(self, *, site: Site, keys: Iterable[str], by: Any, reason: str) -> int:
        """The contact and the original go. What is public stays, for nobody can be told by it; a comment
        that nobody has decided on is counted and not shown."""
        moderation.require_moderator(by, site)
        today = timezone.localdate()
        comments = list(Comment.objects.of(site).filter(reference__in=list(keys), erased_on=None))
        for comment in comments:
            CommentContact.objects.filter(comment=comment).delete()
            _replace_original(comment, AT_REQUEST, today)
            moderation.log_step(comment, EventKind.FORGOTTEN, by, note=reason, what="original, contact")
            if comment.disposition in PENDING:
                self._count(comment.pk, by)
        return len(comments)

    def _count(self, pk: int, by: Any) -> None:
        """Nothing is left to read or to show, so the writer's wish is that it is only counted."""
        comment = Comment.objects.get(pk=pk)
        if comment.safeguarding:
            return  # it stays with those who deal with harm, who were told of it
        Comment.objects.filter(pk=pk).update(consent=Consent.COUNT_ONLY)
        comment.refresh_from_db()
        moderation.count(comment=comment, by=by, version=comment.version, response=ASKED_BEFORE_READ)


def declarations() -> list[Kept]:
    """For the hook `localoffer_personal_data`."""
    return [
        Kept(
            key="comment_contacts",
            what="Email address and phone number, where somebody chose to give them",
            whose="People who comment",
            why="To answer them, and to ask whether what we did helped",
            basis="Public task. Giving them is a choice.",
            how_long=_contact_words,
            removed_by="manage.py purge_comments, run daily",
            seen_by="Comment moderators",
            holds=("feedback.CommentContact.*",),
            subject=None,
        ),
        Kept(
            key="comments",
            what="What they wrote, word for word, with who they are in one word (such as parent)",
            whose="People who comment, and anybody they write about",
            why="To read, answer and publish comments (SEND Regulations 2014, regulation 56)",
            basis="Public task: the law asks for it",
            how_long=_original_words,
            removed_by="manage.py purge_comments, run daily",
            seen_by="Comment moderators. The public reads an edited text in which nobody can be told.",
            holds=("feedback.Comment.original",),
            subject=CommentSubject(),
        ),
        Kept(
            key="record",
            what="Names of staff accounts in the record of steps",
            whose="Staff who moderate comments or look into gaps",
            why="So that each decision has somebody who answers for it",
            basis="Public task",
            how_long=lambda site: "As long as the record. It is never changed.",
            removed_by="Nobody",
            seen_by="Comment moderators",
            holds=("feedback.ModerationEvent.by_name", "feedback.GapNote.by_name"),
        ),
        Kept(
            key="named_staff",
            what="Email addresses of named staff",
            whose="Staff who are told when a comment tells of harm",
            why="To keep a child safe",
            basis="Public task",
            how_long=lambda site: "While it is their task",
            removed_by="An administrator, in the settings of comments",
            seen_by="Administrators",
            holds=("feedback.CommentSettings.safeguarding_emails",),
        ),
    ]


def _contact_words(site: Site) -> str:
    kept = RetentionSettings.for_site(site)
    return (
        f"{kept.contact_days} days after the comment is closed, and {kept.contact_at_most_days} days at most"
    )


def _original_words(site: Site) -> str:
    kept = RetentionSettings.for_site(site)
    return f"{kept.original_days} days once it is closed. The public text stays."
