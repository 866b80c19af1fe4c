"""What a question is plainly about, by a few words that belong to one question alone: a row that speaks of another is not read.

Lists of attachments in public copies of the form carry codes of an older draft (A11 for A12, C3.2 for C3.3), and version 1.0
used the same codes for other questions. A default of ours: words chosen by us from public transcriptions of version 2.0.
"""

from __future__ import annotations

import re

_ANY = frozenset[str]()
SIGNS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), frozenset(codes.split()))
    for pattern, codes in (
        (r"penetration|pen[- ]test|owasp", "C3.3"),
        (r"cyber essentials", "C3.1"),
        (r"security charter|charter for suppliers", "C3.2"),
        (r"code review|load test", ""),
        (r"security and protection toolkit|\bdspt\b", "C2.1"),
        (r"\bcqc\b|care quality commission", "A11 A12"),
        (r"hazard log", "C1.2.3 C1.2.4"),
        (r"pre-?acquisition questionnaire|\bpaq\b", "C1.1.1"),
        (r"registered with the mhra|\bmhra\b.{0,40}registration|declaration of conformity", "C1.1.1 C1.1.2"),
        (r"multi-?factor|\bmfa\b", "C3.5 C3.5.1"),
        (r"\bwcag\b|content accessibility guidelines", "D1.4 D1.4.1 D1.4.2 D1.4.3"),
        (r"accessible information standard", "D1.3"),
        (r"accessibility statement", "D1.4.3 D1.4.1"),
        (r"dapb ?3051", "C4.2.5"),
        (r"privacy notice", "C2.2.3"),
        (r"11073|agile|cloud.first|service level agreement|data protection officer", ""),
    )
)


def speaks_of_another(code: str, question: str) -> bool:
    """Whether the words beside a code are those of another question."""
    return any(code not in codes and pattern.search(question) for pattern, codes in SIGNS)
