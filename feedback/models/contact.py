"""How to reach a writer: its own table, so that it can be guarded and purged by itself."""

from django.db import models
from django.db.models import Q

from feedback.models.comment import Comment


class CommentContact(models.Model):
    """Optional; moderators only; never in a log, an export or a public page."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    given_on = models.DateField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="contact_not_empty")
        ]

    def __str__(self) -> str:
        return f"Contact of {self.comment_id}"


def contact_of(comment: Comment) -> CommentContact | None:
    """How to reach the writer of a comment: the one place that code asks."""
    return CommentContact.objects.filter(comment=comment).first()
