"""The period that a document covers, and whether it is in force. Pure."""

import re
from datetime import date

from localoffer.regulations import Period

YEARS = re.compile(r"\A\s*(20\d\d)\s*(?:[-–/]|to)\s*(?:20)?(\d\d)\s*\Z")


def parse(text: str, kind: Period) -> tuple[date, date] | None:
    """First and last day of a span of years such as "2026-27"; None for any other words.

    A financial year runs from 1 April to 31 March, every other one from 1 September to 31 August.
    """
    match = YEARS.match(text)
    if not match:
        return None
    first, last = int(match[1]), int(match[1][:2] + match[2])
    if last <= first:
        return None
    if kind is Period.FINANCIAL_YEAR:
        return date(first, 4, 1), date(last, 3, 31)
    return date(first, 9, 1), date(last, 8, 31)


def needed_days(kind: Period, today: date) -> list[date]:
    """Days that some document must cover.

    A transport statement for the next academic year is due by 31 May (requirement
    transport.policy_post16), so from 1 June the first day of September must be covered too.
    """
    if kind is Period.ACADEMIC_YEAR_BY_31_MAY and date(today.year, 6, 1) <= today <= date(today.year, 8, 31):
        return [today, date(today.year, 9, 1)]
    return [today]


def is_in_force(periods: list[str], kind: Period, today: date) -> bool:
    """Whether documents with these periods cover what is needed; one without years is open-ended."""
    spans = [parse(text, kind) for text in periods]
    if kind is Period.IN_FORCE and None in spans:
        return True
    return all(any(span and span[0] <= day <= span[1] for span in spans) for day in needed_days(kind, today))
