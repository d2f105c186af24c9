"""A school's facts as sentences a family can read. Pure; says nothing the list does not say."""

from dataclasses import dataclass

from services.importers.gias_types import Establishment

_PHASES = {
    "primary": "primary",
    "secondary": "secondary",
    "middle deemed primary": "middle",
    "middle deemed secondary": "middle",
    "all through": "all-through",
    "all-through": "all-through",
}


@dataclass(frozen=True, slots=True)
class School:
    """What `summary` and `description` read."""

    name: str
    kind: Establishment
    phase: str
    low: int | None
    high: int | None
    place: str
    gender: str = ""
    religion: str = ""
    boards: bool = False
    sixth_form: bool = False
    closing: bool = False


def summary(school: School) -> str:
    """ "A primary school for children aged 4 to 11 in Bristol." """
    noun = school.kind.noun
    if noun == "school" and (phase := _PHASES.get(school.phase.casefold())):
        noun = f"{phase} school"
    article = "An" if noun[0] in "aeiou" else "A"
    where = f" in {school.place}" if school.place else ""
    return f"{article} {noun} for {_people(school)}{_ages(school)}{where}."


def _people(school: School) -> str:
    girls_or_boys = {"girls": "girls", "boys": "boys"}.get(school.gender.casefold())
    if girls_or_boys:
        return girls_or_boys
    if school.low is not None and school.low >= 16:
        return "young people"
    if school.high is None or school.high > 16:
        return "children and young people"
    return "children"


def _ages(school: School) -> str:
    if school.low is None and school.high is None:
        return ""
    if school.high is None:
        return f" aged {school.low} and over"
    if school.low is None:
        return f" aged up to {school.high}"
    return f" aged {school.low}" if school.low == school.high else f" aged {school.low} to {school.high}"


def description(school: School) -> str:
    """Short sentences, one fact each."""
    said = [school.kind.run_by] if school.kind.run_by else []
    if school.sixth_form and school.kind.noun != "sixth form":
        said.append("It has a sixth form.")
    if school.boards:
        said.append("Some pupils can stay overnight in term time.")
    if school.religion:
        said.append(f"Its religious character is {school.religion}.")
    if school.closing:
        said.append("There is a plan to close it. Check with the school or the council.")
    said.append("These facts come from the national list of schools. Ask the school about its help.")
    return " ".join(said)
