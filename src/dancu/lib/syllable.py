"""The grammar of a written Vietnamese syllable: onset, rime, tone, and where the tone mark stands.

Border: judges letters only; a word that is not a Vietnamese syllable (foreign names, names of other
peoples, abbreviations) comes back as it went in. Tone marks stand as in `hòa, thủy, khỏe`: on the
letter that already has a mark (ơ of ươ), else on the second of two vowels before a final consonant
(hoán), on the middle one of three (ngoài), and on the first of two at the end (hòa).
"""

from __future__ import annotations

import unicodedata

GRAVE, HOOK, TILDE, ACUTE, DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
TONES = (GRAVE, HOOK, TILDE, ACUTE, DOT)
CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
QUALITIES = (CIRCUMFLEX, BREVE, HORN)


def _table(text: str) -> frozenset[str]:
    return frozenset(text.split())


ONSETS = _table("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")
RIMES = _table(
    """
    a ac ach ai am an ang anh ao ap at au ay
    ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oong ooc
    oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oen oeo oet
    ô ôc ôi ôm ôn ông ôp ôt ôông ôôc ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt
    uâc uân uâng uât uây uê uêch uên uênh uêt uêu uơ
    uy uya uych uyn uynh uyt uyu uyp uyên uyêt
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y yt ych ynh ym yn yêm yên yêng yêt yêu
    """
)
# After qu the medial u is already said, so its rimes begin one vowel later.
QU_RIMES = _table(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec en eng eo ep et ê êch ên ênh êt êu i in inh it iu o ô ôc ơ ơi ơn ơt
    y ych yn ynh yt yu yp yên yêt
    """
)
GI_RIMES = frozenset(r for r in RIMES if r[0] in "aăâeêoôơuư") | {"êc", "êm", "ên", "êng", "êt"}
_VOWELS = frozenset("aăâeêioôơuưy")
_STOPS = ("c", "ch", "p", "t")
_MARKED = frozenset("ăâêôơư")
# A tone typed one key late lands on a letter that may close a syllable.
_CODA_LETTERS = frozenset("cghmnpt")
_LEVEL = ""


def order_marks(text: str) -> str:
    """NFC of `text` with vowel marks before tone marks, twice-typed tones dropped.

    >>> order_marks("Nguye\u0303\u0302n") == "Nguyễn"
    True
    """
    out: list[str] = []
    marks: list[str] = []
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            if char not in marks:
                marks.append(char)
            continue
        out.extend(_ordered(marks))
        marks = []
        out.append(char)
    out.extend(_ordered(marks))
    return unicodedata.normalize("NFC", "".join(out))


def _ordered(marks: list[str]) -> list[str]:
    return sorted(marks, key=lambda mark: mark not in QUALITIES) if len(marks) > 1 else marks


def split_tone(word: str) -> tuple[str, str] | None:
    """(letters without tone, tone mark or ""); None where two different tones were typed.

    >>> split_tone("hoà") == ("hoa", GRAVE)
    True
    """
    tone = _LEVEL
    out: list[str] = []
    for char in word:
        decomposed = unicodedata.normalize("NFD", char)
        found = [mark for mark in decomposed if mark in TONES]
        if not found:
            out.append(char)
            continue
        if len(found) > 1 or (tone and tone != found[0]):
            return None
        if not _may_carry(decomposed[0].lower()):
            return None
        tone = found[0]
        out.append(unicodedata.normalize("NFC", decomposed.replace(tone, "")))
    return "".join(out), tone


def _may_carry(letter: str) -> bool:
    return letter in "aeiouy" or letter in _CODA_LETTERS


def split_onset(letters: str) -> tuple[str, str] | None:
    """(onset, rime) of toneless lower-case letters, or None where the grammar has no such syllable.

    >>> split_onset("quyên"), split_onset("gia"), split_onset("gin"), split_onset("smith")
    (('qu', 'yên'), ('gi', 'a'), ('g', 'in'), None)
    """
    if letters.startswith("qu"):
        return ("qu", letters[2:]) if letters[2:] in QU_RIMES else None
    if letters.startswith("gi") and letters[2:] in GI_RIMES:
        return "gi", letters[2:]
    size = next((i for i, char in enumerate(letters) if char in _VOWELS), len(letters))
    onset, rime = letters[:size], letters[size:]
    if rime not in RIMES or (onset and onset not in ONSETS):
        return None
    return onset, rime


def tone_index(rime: str) -> int:
    """Which letter of a toneless rime carries the tone mark.

    >>> tone_index("ương"), tone_index("oa"), tone_index("oan"), tone_index("oai")
    (1, 0, 1, 1)
    """
    vowels = 0
    while vowels < len(rime) and rime[vowels] in _VOWELS:
        vowels += 1
    marked = [i for i in range(vowels) if rime[i] in _MARKED]
    if marked:
        return marked[-1]
    if vowels == 1:
        return 0
    if vowels == 2:
        return 1 if len(rime) > vowels else 0
    return 1


def tone_fits(rime: str, tone: str) -> bool:
    """A rime closed by c, ch, p, t takes the acute or the dot only; untoned text is let through."""
    return not rime.endswith(_STOPS) or tone in (_LEVEL, ACUTE, DOT)


def is_syllable(word: str) -> bool:
    """Could `word` (NFC, any case, tone anywhere) be one Vietnamese syllable?

    >>> [is_syllable(w) for w in ("Nguyễn", "NGHIÊM", "Smith", "Kpă", "NguyÔn")]
    [True, True, False, False, False]
    """
    return _analyse(word) is not None


def is_marked_right(word: str) -> bool:
    """A syllable whose tone mark already stands where it should (new words decide by this)."""
    return is_syllable(word) and place_tone(word) == word


def _analyse(word: str) -> tuple[str, str, str, str] | None:
    """(letters with case, tone, onset, rime) or None."""
    parts = split_tone(word)
    if parts is None:
        return None
    letters, tone = parts
    split = split_onset(letters.lower())
    if split is None or not tone_fits(split[1], tone):
        return None
    return letters, tone, *split


def place_tone(word: str) -> str:
    """The same syllable with its tone mark (and the horns of ươ) where they belong.

    >>> [place_tone(w) for w in ("HOÀ", "qúy", "lựơng", "hóan", "gìa", "Phuơng", "José")]
    ['HÒA', 'quý', 'lượng', 'hoán', 'già', 'Phương', 'José']
    """
    found = _analyse(word)
    if found is None:
        return _with_both_horns(word)
    letters, tone, onset, rime = found
    if not tone:
        return word
    at = len(onset) + tone_index(rime)
    marked = unicodedata.normalize("NFC", letters[at] + tone)
    return letters[:at] + marked + letters[at + 1 :]


def _with_both_horns(word: str) -> str:
    """`Phuơng`, `Trưòng`: before a final letter only ươ exists, so one missing horn is no guess."""
    parts = split_tone(word)
    if parts is None:
        return word
    letters, tone = parts
    low = letters.lower()
    for half in ("uơ", "ưo"):
        at = low.find(half)
        if at < 0 or at + 2 >= len(low):
            continue
        pair = "".join(_horned(char) for char in letters[at : at + 2])
        whole = letters[:at] + pair + letters[at + 2 :]
        split = split_onset(whole.lower())
        if split is not None and tone_fits(split[1], tone):
            return place_tone(_tone_at(whole, at + 1, tone))
    return word


def _horned(char: str) -> str:
    return char.translate(_HORNS)


def _tone_at(letters: str, at: int, tone: str) -> str:
    return letters[:at] + unicodedata.normalize("NFC", letters[at] + tone) + letters[at + 1 :]


_HORNS = str.maketrans("uoUO", "ươƯƠ")
