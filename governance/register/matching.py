"""Is this tool on the register already? Names compared as people mean them, not as they type them. Pure.

Two names match when they are the same but for case, accents, punctuation, spaces, the order of words, a company's legal
form ("Ltd"), the manufacturer's name in front, a version ("v2", "2.3", "version 3"), or one slip of typing: a letter
added, left out, changed or swapped with its neighbour. Names under five letters must be the same, or too much would match.
The rule is ours. A match is a question put to a person, never an answer.
A whole register is compared at once: ten thousand names take a third of a second the first time and a twentieth after
that, so the database need not choose among them first.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

SHORTEST_WITH_A_SLIP = 5
LONGEST_KEY = 200

_LEGAL_FORMS = frozenset({"ltd", "limited", "plc", "inc", "incorporated", "gmbh", "llp", "llc", "corp", "corporation"})
_VERSION = re.compile(
    r"""(?<![\w.])(?:
        (?:version|ver|release|rel|v|r)[\s.]*\d+(?:\.\d+)*   # version 3, v2.1, Rel. 4
        | \d+(?:\.\d+)+                                      # 2.3
    )(?:[-.]?(?:alpha|beta|rc)[-.]?\d*)?(?![\w.]*\w)""",
    re.VERBOSE,
)
_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`]")
_ABBREVIATED = re.compile(r"\b(?:[a-z]\.){2,}")
_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tool on the register."""

    id: int
    name: str
    manufacturer: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A tool that may be the same. `score` is 0 to 100, for order only; `reason` is shown to the person."""

    id: int
    score: int
    reason: str


@lru_cache(maxsize=40_000)
def name_key(name: str) -> str:
    """A name without what does not tell two names apart: words in lower case, parted by single spaces.

    Words keep their order. A name that is nothing but a version or a legal form keeps it. At most 200 characters.
    """
    plain = _plain(name)
    words = _words(_VERSION.sub(" ", plain)) or _words(plain)
    kept = [word for word in words if word not in _LEGAL_FORMS] or words
    return " ".join(kept)[:LONGEST_KEY].rstrip()


def plain_version(version: str) -> str:
    """A version as typed, without “version” or “v” before it and without spaces: “v2.3” and “2.3” are one."""
    plain = "".join(version.casefold().split())
    for word in ("version", "ver.", "ver", "v.", "v"):
        if plain.startswith(word) and plain[len(word) :][:1].isdigit():
            return plain[len(word) :]
    return plain


def likely_matches(name: str, manufacturer: str, candidates: Iterable[Candidate]) -> list[Match]:
    """The candidates that may be this tool, likeliest first."""
    asked, maker = _readings(name, manufacturer), name_key(manufacturer)
    found = (_match(asked, maker, candidate) for candidate in candidates)
    return sorted((match for match in found if match), key=lambda match: (-match.score, match.id))


class Shelf:
    """Candidates laid out so that one is compared only with those that may match: for whole registers against each other.

    The order of words does not count and a slip changes one letter, so names that match have the same letters, but for one
    left out of either or both. Each candidate stands under the letters of each of its readings, all of them and without one.
    """

    def __init__(self, candidates: Iterable[Candidate] = ()) -> None:
        self._under: dict[str, dict[int, Candidate]] = {}
        for candidate in candidates:
            self.add(candidate)

    def add(self, candidate: Candidate) -> None:
        """Lay out one more."""
        for trace in _traces(candidate.name, candidate.manufacturer):
            self._under.setdefault(trace, {})[candidate.id] = candidate

    def likely_matches(self, name: str, manufacturer: str) -> list[Match]:
        """As the function of this name does over all candidates."""
        near: dict[int, Candidate] = {}
        for trace in _traces(name, manufacturer):
            near |= self._under.get(trace, {})
        return likely_matches(name, manufacturer, near.values())


def _traces(name: str, manufacturer: str) -> set[str]:
    letters = {"".join(sorted(reading.replace(" ", ""))) for reading in _readings(name, manufacturer)}
    return letters | {each[:at] + each[at + 1 :] for each in letters for at in range(len(each))}


def _plain(name: str) -> str:
    """Lower case without accents. Done twice over, because folding can make accents and removing them capitals."""
    for _ in range(2):
        apart = unicodedata.normalize("NFKD", name.casefold())
        name = "".join(c for c in apart if not unicodedata.combining(c))
    return name


def _words(plain: str) -> list[str]:
    joined = _ABBREVIATED.sub(
        lambda found: found[0].replace(".", ""), _APOSTROPHES.sub("", plain.replace("&", " and "))
    )
    return _LETTERS.findall(joined)


@lru_cache(maxsize=40_000)
def _readings(name: str, manufacturer: str) -> tuple[str, ...]:
    """The ways to read a name: its key; the key without the manufacturer in front; and as typed, with version and form."""
    key, maker = name_key(name), name_key(manufacturer)
    readings = [key, " ".join(_words(_plain(name)))]
    if maker and key.startswith(maker + " "):
        readings.append(key.removeprefix(maker + " "))
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def _match(asked: tuple[str, ...], maker: str, candidate: Candidate) -> Match | None:
    slips = min(
        (_slips(one, other) for one in asked for other in _readings(candidate.name, candidate.manufacturer)), default=2
    )
    if slips > 1:
        return None
    its_maker = name_key(candidate.manufacturer)
    same_maker = bool(maker) and bool(its_maker) and _slips(maker, its_maker) <= 1
    score = (60 if slips else 80) + (20 if same_maker else 0 if maker and its_maker else 10)
    named = "The name is the same" if not slips else "The name differs by one letter"
    if same_maker:
        return Match(
            candidate.id,
            score,
            f"{named} and so is the manufacturer." if not slips else f"{named}; the manufacturer is the same.",
        )
    return Match(
        candidate.id, score, f"{named}; the manufacturer is different." if maker and its_maker else f"{named}."
    )


def _slips(one: str, other: str) -> int:
    """How many slips part two names: 0, 1, or 2 for more. The order of words and where words part do not count."""
    if one == other:
        return 0
    run, other_run = one.replace(" ", ""), other.replace(" ", "")
    if run == other_run:
        return 0
    if abs(len(run) - len(other_run)) > 1:
        return 2
    words, other_words = _left_over(one, other)
    if not words and not other_words:
        return 0
    if min(len(run), len(other_run)) < SHORTEST_WITH_A_SLIP:
        return 2
    if OSA.distance(run, other_run, score_cutoff=1) <= 1:
        return 1
    return (
        1 if len(words) == len(other_words) == 1 and OSA.distance(words[0], other_words[0], score_cutoff=1) <= 1 else 2
    )


def _left_over(one: str, other: str) -> tuple[list[str], list[str]]:
    """The words that only one of two names has."""
    words, other_words = Counter(one.split(" ")), Counter(other.split(" "))
    return list((words - other_words).elements()), list((other_words - words).elements())
