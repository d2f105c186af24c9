"""Languages that families in England read, with their own names and direction. Pure.

Codes are BCP 47; the order is that of the English name.
"""

import re
from dataclasses import dataclass

# A tag, left alone, or a number of several groups: "0117 496 0100", "+44 117 496 0100".
TAG_OR_NUMBER = re.compile(r"(<[^>]*>)|(\+?\d[\d \u00a0-]{4,}\d)")


@dataclass(frozen=True, slots=True)
class Language:
    """`own_name` is what its readers look for; `rtl` whether it is written from right to left."""

    code: str
    name: str
    own_name: str
    rtl: bool = False

    @property
    def direction(self) -> str:
        return "rtl" if self.rtl else "ltr"


LANGUAGES = (
    Language("sq", "Albanian", "Shqip"),
    Language("am", "Amharic", "አማርኛ"),
    Language("ar", "Arabic", "العربية", rtl=True),
    Language("bn", "Bengali", "বাংলা"),
    Language("bg", "Bulgarian", "Български"),
    Language("zh-Hans", "Chinese (simplified)", "简体中文"),
    Language("zh-Hant", "Chinese (traditional)", "繁體中文"),
    Language("cs", "Czech", "Čeština"),
    Language("prs", "Dari", "دری", rtl=True),
    Language("fr", "French", "Français"),
    Language("gu", "Gujarati", "ગુજરાતી"),
    Language("hi", "Hindi", "हिन्दी"),
    Language("hu", "Hungarian", "Magyar"),
    Language("it", "Italian", "Italiano"),
    Language("ckb", "Kurdish (Sorani)", "کوردیی ناوەندی", rtl=True),
    Language("kmr", "Kurdish (Kurmanji)", "Kurmancî"),
    Language("lv", "Latvian", "Latviešu"),
    Language("lt", "Lithuanian", "Lietuvių"),
    Language("ne", "Nepali", "नेपाली"),
    Language("ps", "Pashto", "پښتو", rtl=True),
    Language("fa", "Persian (Farsi)", "فارسی", rtl=True),
    Language("pl", "Polish", "Polski"),
    Language("pt", "Portuguese", "Português"),
    Language("pa", "Punjabi (Gurmukhi)", "ਪੰਜਾਬੀ"),
    Language("pnb", "Punjabi (Shahmukhi)", "پنجابی", rtl=True),
    Language("ro", "Romanian", "Română"),
    Language("ru", "Russian", "Русский"),
    Language("sk", "Slovak", "Slovenčina"),
    Language("so", "Somali", "Soomaali"),
    Language("es", "Spanish", "Español"),
    Language("ta", "Tamil", "தமிழ்"),
    Language("ti", "Tigrinya", "ትግርኛ"),
    Language("tr", "Turkish", "Türkçe"),
    Language("uk", "Ukrainian", "Українська"),
    Language("ur", "Urdu", "اردو", rtl=True),
    Language("vi", "Vietnamese", "Tiếng Việt"),
    Language("cy", "Welsh", "Cymraeg"),
)
BY_CODE = {language.code: language for language in LANGUAGES}
CHOICES = [(language.code, f"{language.name} ({language.own_name})") for language in LANGUAGES]


def straighten_numbers(html: str) -> str:
    """Text to be read from right to left, its telephone numbers still read from left to right.

    A browser would show the groups of "0117 496 0100" in the wrong order.
    """
    return TAG_OR_NUMBER.sub(lambda m: m[1] or f'<bdi dir="ltr">{m[2]}</bdi>', html)
