"""What feedback needs from an authority's first day; `manage.py setup` asks by hook."""

from wagtail.models import Site

from feedback import annual, consultation
from feedback.models import HaveYourSayPage, HowWeMadeThisPage

INTRODUCTION = "Families, young people and the people who work with them make this site with us."


def found(site: Site) -> None:
    """The consultees of the law, and the pages below /have-your-say/; what is there already is kept."""
    consultation.load_consultees()
    annual.make_pages(site)
    holder = HaveYourSayPage.objects.child_of(site.root_page).get()
    if not HowWeMadeThisPage.objects.child_of(holder).exists():
        page = HowWeMadeThisPage(title="How we made this", slug="how-we-made-this", introduction=INTRODUCTION)
        holder.add_child(instance=page)
        page.save_revision().publish()
