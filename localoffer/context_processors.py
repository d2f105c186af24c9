"""What the frame of every public page needs."""

from django.http import HttpRequest

from localoffer.explaining import Explainer
from localoffer.frame import Frame


def frame(request: HttpRequest) -> dict[str, object]:
    """`frame` and `explainer`: lazy, so that the admin never pays for them."""
    return {"frame": Frame(request), "explainer": Explainer(request)}
