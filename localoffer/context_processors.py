"""What the frame of every public page needs."""

from django.http import HttpRequest

from localoffer.frame import Frame


def frame(request: HttpRequest) -> dict[str, object]:
    """`frame`: lazy, so that the admin never pays for it."""
    return {"frame": Frame(request)}
