"""“You can write to us in your language”, in languages that many families in England speak. Pure."""

from dataclasses import dataclass

from localoffer.languages import LANGUAGES

DIRECTIONS = {language.code: language.direction for language in LANGUAGES}
SENTENCES = {
    "ar": "يمكنك الكتابة إلينا بالعربية.",
    "bn": "আপনি আমাদের কাছে বাংলায় লিখতে পারেন।",
    "zh-Hans": "您可以用中文给我们写信。",
    "pl": "Możesz napisać do nas po polsku.",
    "pa": "ਤੁਸੀਂ ਸਾਨੂੰ ਪੰਜਾਬੀ ਵਿੱਚ ਲਿਖ ਸਕਦੇ ਹੋ।",
    "ro": "Ne puteți scrie în limba română.",
    "so": "Waxaad noogu qori kartaa af Soomaali.",
    "uk": "Ви можете писати нам українською.",
    "ur": "آپ ہمیں اردو میں لکھ سکتے ہیں۔",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with the language and the direction that it is in."""

    code: str
    text: str
    direction: str


def invitations() -> list[Sentence]:
    return [Sentence(code, text, DIRECTIONS.get(code, "ltr")) for code, text in SENTENCES.items()]
