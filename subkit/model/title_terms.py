"""What a title calls its things, and how its people address each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["Address", "Term", "TermKind"]


class TermKind(str, Enum):
    """What kind of thing a glossary entry is."""

    TERM = "term"
    NAME = "name"
    KEEP = "keep"
    """Not translated: the source form stands in the target."""
    CULTURAL = "cultural"
    """Has no equal in the target; the note says what a reviewer should weigh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One entry of the glossary.

    Attributes:
        source: The form in the source language.
        target: The form asked for in the target language; the source's for ``KEEP``; empty where
            the reviewer decides.
        source_language: BCP 47.
        language: BCP 47 language of ``target``.
        kind: What it is.
        others: Further target forms that are fine.
        forbidden: Target forms that must not appear for it.
        note: What a reviewer should know.
        case_sensitive: Whether ``may`` and ``May`` differ.
    """

    source: str
    target: str
    source_language: str
    language: str
    kind: TermKind = TermKind.TERM
    others: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    note: str = ""
    case_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """How one person speaks to another, from a moment on.

    Attributes:
        language: BCP 47 language it holds in.
        speaker: Id or name of who speaks; ``"*"`` is anyone.
        addressee: Id or name of who is spoken to; ``"*"`` is anyone.
        level: Name of the speech level in that language (see ``subkit.terminology``), for example
            ``"haeyo"``, ``"tu"`` or ``"Sie"``.
        term: Form of address, for example ``"누나"``; empty if none.
        start: Id of the source cue from which it holds; empty from the beginning.
        reason: The event that changes it, in a few words.
    """

    language: str
    speaker: str
    addressee: str
    level: str
    term: str = ""
    start: str = ""
    reason: str = ""
