"""The demonstration's Easy Read page and its page in Polish, hung under the pages they retell.

There is no British Sign Language page: a film in which nobody signs would not be one.
"""

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from localoffer.demo_pictures import png
from localoffer.models import EasyReadPage, TranslatedPage, TwinPage

# (picture, words), from the answers of the transport section.
GETTING_THERE = (
    ("school", "This page is about getting to school or college."),
    ("family", "Most children walk or cycle, or go by bus or car."),
    ("bus", "Some children can get help with travel from the council."),
    ("taxi", "Help may be a bus pass or money for fuel. It may be a minibus or a taxi."),
    ("helper", "Some people can learn to use the bus. This is called travel training, and it is free."),
    ("form", "To ask for help, fill in the travel form."),
    ("calendar", "Send it by 31 May. Then travel can be ready in September."),
    ("clock", "The travel team decides in 20 working days. That is about four weeks."),
    ("talk", "We may say no. You can ask us to think again."),
    ("phone", "You can ring the travel team. The number is 0117 496 0500."),
)
ADVICE_IN_POLISH = """
<h2>Kto może pomóc</h2>
<p><b>Avonmere SEND Advice</b> udziela bezpłatnych porad rodzicom, dzieciom i młodzieży do 25 roku życia.
Rozmowa jest prywatna. Ta organizacja nie staje po stronie urzędu.</p>
<p>Zadzwoń: 0808 157 0851. Nie potrzebujesz diagnozy, planu ani skierowania.</p>
<h2>W czym możesz otrzymać pomoc</h2>
<ul><li>czytanie listów i wypełnianie formularzy</li><li>przygotowanie do spotkań</li>
<li>pytania o prawo i o pieniądze</li></ul>
<h2>Inni rodzice</h2>
<p><b>Avonmere Parent Carer Voice</b> to grupa rodziców i opiekunów. Zna podobne problemy
i organizuje spotkania przy kawie.</p>
<h2>Jeśli potrzebujesz tłumacza</h2>
<p>Zadzwoń do nas: 0117 496 0100, od poniedziałku do piątku, od 9.00 do 17.00. Powiedz, w jakim języku
mówisz. Możemy poprosić tłumacza o pomoc.</p>
"""


def _picture(name: str) -> int:
    """The id of the picture in the library; drawn and added where it is not there yet."""
    title = f"Easy Read: {name}"
    images = get_image_model().objects
    image = images.filter(title=title).first()
    if image is None:
        image = images.create(title=title, file=ContentFile(png(name), name=f"easy-read-{name}.png"))
    return image.pk


def _easy_read() -> EasyReadPage:
    rows = [
        {"type": "row", "value": {"picture": _picture(name), "words": words}} for name, words in GETTING_THERE
    ]
    return EasyReadPage(
        title="Getting to school or college",
        slug="easy-read",
        search_description="How to get help with travel, in Easy Read.",
        rows=EasyReadPage._meta.get_field("rows").to_python(rows),
        live=False,
    )


def _polish() -> TranslatedPage:
    return TranslatedPage(
        title="Porady i osoby, z którymi można porozmawiać",
        slug="polski",
        language="pl",
        search_description="Where to get free advice, in Polish.",
        introduction="Nie musisz radzić sobie z tym samodzielnie. Wszystkie te porady są bezpłatne.",
        body=" ".join(ADVICE_IN_POLISH.split()),
        live=False,
    )


MAKERS = (("transport", EasyReadPage, _easy_read), ("advice", TranslatedPage, _polish))


@transaction.atomic
def load_twins(site: Site) -> int:
    """Publish the twins that are not there yet under pages that are; returns how many were made."""
    made = 0
    for slug, model, make in MAKERS:
        parent = site.root_page.get_children().live().filter(slug=slug).first()
        if parent is not None and not model.objects.child_of(parent).exists():
            _publish(parent, make())
            made += 1
    return made


def _publish(parent: Page, twin: TwinPage) -> None:
    parent.add_child(instance=twin)
    twin.save_revision().publish()
