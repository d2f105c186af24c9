"""Fixed choices of the offer's own records."""

from django.db.models import TextChoices


class Format(TextChoices):
    """Ways to have a page other than on a screen (SEND Regulations 2014, reg 57)."""

    PAPER = "paper", "Printed on paper"
    LARGE_PRINT = "large_print", "Large print"
    AUDIO = "audio", "Audio, to listen to"
    EASY_READ = "easy_read", "Easy Read, with pictures"
    BSL = "bsl", "British Sign Language"
    LANGUAGE = "language", "Another language"


class RequestStatus(TextChoices):
    """How far a request is."""

    NEW = "new", "New"
    SENT = "sent", "Sent"
    CLOSED = "closed", "Closed without sending"


# Nothing more will be done with these.
FINISHED = (RequestStatus.SENT, RequestStatus.CLOSED)


class Compliance(TextChoices):
    """What a public body may say of its site, in the words of the model accessibility statement."""

    FULL = "full", "fully compliant"
    PARTIAL = "partial", "partially compliant"
    NONE = "none", "not compliant"
