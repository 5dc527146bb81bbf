"""Grants of performers and requested uses, as validated values."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, PlanError, SchemaError
from subkit.files.data_files import parse_json, parse_toml
from subkit.files.regular_files import open_regular
from subkit.language import parse_language
from subkit.model import from_plain

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "WORLD",
    "Grant",
    "VoicePurpose",
    "VoiceRequest",
    "Withdrawal",
    "read_grant",
    "recording_digest",
]

WORLD = "001"
"""The world, as UN M49 numbers it."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_WILD = {"*", "all", "any", "anything", "everything", "unlimited", "worldwide"}
_MAX_TEXT = 2_000
_MAX_BYTES = 2**20


class VoicePurpose(str, Enum):
    """What a voice is used for.

    A guide that nobody will hear but the team, what is released, or that the person is recognised
    by it in other episodes.
    """

    SCRATCH = "scratch"
    FINAL = "final"
    RECOGNITION = "recognition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One consent, for named uses: what it does not name it does not allow.

    Attributes:
        id: Unique in the register.
        performer: Whose voice.
        signed_by: Who signed: the performer, or the agent who may.
        voice: Id of the voice as the dubbing tool knows it.
        recording: Digest of the recording that the voice is made of.
        purposes: Scratch, final, recognition, or several.
        titles: Titles it is for.
        languages: BCP 47; ``ko`` covers ``ko-KR``, not the other way round.
        media: Such as ``streaming``, ``theatrical``, ``trailer``.
        territories: ISO 3166-1 countries (``KR``), or ``001`` for the world.
        start: First day of the term, ``YYYY-MM-DD``.
        end: Last day of the term.
        training: Models may be trained on the recording.
        compensation: What was agreed, in a few words.
        exclusive: The performer gives these uses to nobody else.
        withdrawal: How the performer can take it back.
        evidence: Digest of the signed document.
        signed: Day of the signature; nothing is allowed before.

    Raises:
        InputError: a field is empty or not of its kind; every fault is named.
    """

    id: str
    performer: str
    signed_by: str
    voice: str
    recording: str
    purposes: tuple[VoicePurpose, ...]
    titles: tuple[str, ...]
    languages: tuple[str, ...]
    media: tuple[str, ...]
    territories: tuple[str, ...]
    start: str
    end: str
    compensation: str
    withdrawal: str
    evidence: str
    signed: str
    training: bool = False
    exclusive: bool = False

    def __post_init__(self) -> None:
        texts = ("id", "performer", "signed_by", "voice", "compensation", "withdrawal")
        faults = [fault for name in texts if (fault := _text_fault(name, getattr(self, name)))]
        faults += [
            f"{name} must be sha256: and 64 hex digits"
            for name in ("recording", "evidence")
            if not _DIGEST.fullmatch(getattr(self, name))
        ]
        for name in ("purposes", "titles", "languages", "media", "territories"):
            faults += _list_faults(name, getattr(self, name))
        dates = ("start", "end", "signed")
        faults += [f"{name} must be a date, YYYY-MM-DD" for name in dates if not _day(self, name)]
        if not faults and self.end < self.start:
            faults.append("the term ends before it starts")
        if not faults and self.end < self.signed:
            faults.append("it was signed after its term")
        _refuse(f"The grant {self.id!r:.60}", faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRequest:
    """A requested use of a cloned voice.

    Attributes:
        voice: Id of the voice.
        recording: Digest of the recording that it is made of.
        purpose: Scratch, final or recognition.
        title: Of what.
        language: BCP 47.
        media: Where it will be heard.
        territory: ISO 3166-1 country, or ``001`` for the world.
        on: Day of the use, ``YYYY-MM-DD``.
        training: A model is trained on the recording for it.

    Raises:
        InputError: a field is empty or not of its kind; every fault is named.
    """

    voice: str
    recording: str
    purpose: VoicePurpose
    title: str
    language: str
    media: str
    territory: str
    on: str
    training: bool = False

    def __post_init__(self) -> None:
        faults = [fault for name in ("voice",) if (fault := _text_fault(name, getattr(self, name)))]
        if not _DIGEST.fullmatch(self.recording):
            faults.append("recording must be sha256: and 64 hex digits")
        singles = {"titles": self.title, "languages": self.language, "media": self.media}
        for name, value in {**singles, "territories": self.territory}.items():
            faults += _list_faults(name, (value,))
        if not _day(self, "on"):
            faults.append("on must be a date, YYYY-MM-DD")
        _refuse("The request", faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A grant taken back: from that day on it allows nothing."""

    grant: str
    since: str
    reason: str

    def __post_init__(self) -> None:
        fault = _text_fault("reason", self.reason)
        faults = [fault] if fault else []
        if not _day(self, "since"):
            faults.append("since must be a date, YYYY-MM-DD")
        _refuse("The withdrawal", faults)


def recording_digest(path: Path) -> str:
    """Digest over all bytes of a recording or of a signed document.

    Raises:
        InputError: the file cannot be read.
    """
    whole = hashlib.sha256()
    try:
        with open_regular(path) as file:
            while block := file.read(2**20):
                whole.update(block)
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror}.", remedy="Name another file."
        ) from error
    return f"sha256:{whole.hexdigest()}"


def read_grant(path: Path) -> Grant:
    """A grant from a TOML or JSON file with the fields of :class:`Grant`.

    Raises:
        InputError: the file cannot be read, a field is missing, unknown or not of its kind.
    """
    try:
        with open_regular(path) as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise InputError(f"{str(path)!r} is too long for a grant (1 MiB at most).")
        parse = parse_json if path.suffix.lower() == ".json" else parse_toml
        plain: Any = parse(data, str(path), remedy="See docs/consent.md for an example.")
        return from_plain(Grant, _with_dates_as_text(plain))
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror}.", remedy="Name another file."
        ) from error
    except SchemaError as error:
        raise SchemaError(
            f"{str(path)!r}: {error.message}",
            remedy=error.remedy or "See docs/consent.md for the fields.",
            path=error.path,
        ) from error


def _with_dates_as_text(plain: Any) -> Any:
    """Write dates as text, since TOML has a type for them."""
    if not isinstance(plain, dict):
        return plain
    return {
        key: value.isoformat()
        if isinstance(value, date) and not isinstance(value, datetime)
        else value
        for key, value in plain.items()
    }


def _text_fault(name: str, value: str) -> str:
    if not value.strip() or not value.isprintable() or len(value) > _MAX_TEXT:
        return f"{name} must be plain text"
    return ""


def _list_faults(name: str, values: tuple[Any, ...]) -> list[str]:
    """Say what is wrong with a list: a value of the wrong kind, or one that means everything."""
    if not values:
        return [f"{name} must name at least one"]
    faults = []
    for value in values:
        if isinstance(value, VoicePurpose):
            continue
        if fault := _text_fault(name, value):
            faults.append(fault)
        elif value.strip().casefold() in _WILD:
            faults.append(f"{name} must name each one, not {value!r}")
        elif name == "territories" and value != WORLD and not _COUNTRY.fullmatch(value):
            faults.append(f"{value!r:.40} is not a country such as KR, nor 001 for the world")
        elif name == "languages" and (fault := _language_fault(value)):
            faults.append(fault)
    return faults


def _language_fault(tag: str) -> str:
    try:
        known = parse_language(tag).tag
    except PlanError:
        return f"{tag!r:.40} is not a language"
    return "" if known == tag else f"{tag!r:.40} is written {known!r}"


def _day(value: object, name: str) -> bool:
    text = getattr(value, name)
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _refuse(what: str, faults: list[str]) -> None:
    if faults:
        raise InputError(
            f"{what} is not right: {'; '.join(dict.fromkeys(faults))}.",
            remedy="Correct what is named.",
            faults=faults,
        )
