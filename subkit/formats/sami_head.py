"""The head of a SAMI file: its classes, the languages they are in, and its styles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.formats.webvtt_css import declared_looks
from subkit.language import resolve_language
from subkit.model import Mark, NamedStyle

if TYPE_CHECKING:
    from subkit.model import Track

__all__ = ["SamiHead", "class_name", "made_head", "read_head"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_STYLE = re.compile(r"<style\b[^>]{0,500}>(.*?)</style", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<title>(.*?)</title", re.DOTALL | re.IGNORECASE)
_COUNTRIES = {
    "KR": "ko", "EN": "en", "US": "en", "UK": "en", "JP": "ja", "CN": "zh", "TW": "zh-Hant",
    "FR": "fr", "DE": "de", "ES": "es", "IT": "it", "PT": "pt", "RU": "ru",
}  # fmt: skip
_CLASS_OF = {"ko": "KRCC", "ja": "JPCC", "zh": "CNCC"}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(slots=True)
class SamiHead:
    """What the head says.

    Attributes:
        title: The title; empty where there is none.
        languages: Class to language; empty text where the class does not say.
        aligns: ``P`` or a class to its alignment.
        styles: Styles that paragraphs name by ``ID`` (``#Source``) and spans by class.
    """

    title: str = ""
    languages: dict[str, str] = field(default_factory=dict)
    aligns: dict[str, str] = field(default_factory=dict)
    styles: list[NamedStyle] = field(default_factory=list)

    def language(self, name: str) -> str:
        """Return the language of a class, by what it says or by its name; empty if unknown."""
        return self.languages.get(name.lower(), "") or _COUNTRIES.get(name[:2].upper(), "")

    def align(self, name: str) -> str:
        """Return the alignment of paragraphs of a class."""
        return self.aligns.get(name.lower()) or self.aligns.get("p") or "center"


def read_head(text: str) -> SamiHead:
    """Return what stands in a head."""
    head = SamiHead()
    if match := _TITLE.search(text):
        head.title = " ".join(match[1].split())
    for style in _STYLE.findall(text):
        for match in _RULE.finditer(_COMMENT.sub("", style)):
            for selector in match[1].split(","):
                _take(head, selector.strip(), match[2])
    return head


def _take(head: SamiHead, selector: str, body: str) -> None:
    said = {
        name.strip().lower(): value.strip()
        for name, _, value in (part.partition(":") for part in body.split(";"))
    }
    name = selector.lstrip(".").lower()
    if said.get("text-align", "").lower() in ("left", "right", "center"):
        head.aligns[name] = said["text-align"].lower()
    if selector.startswith(".") and ("lang" in said or "samitype" in said):
        tag = re.sub(r"-CC$", "", said.get("lang", ""), flags=re.IGNORECASE)
        tag = re.sub(r"-UK$", "-GB", tag, flags=re.IGNORECASE)
        head.languages[name] = tag if _TAG.fullmatch(tag) else ""
    elif selector[:1] in ("#", "."):
        looks = tuple(
            Mark(start=0, end=0, feature=feature, value=value, how=how)
            for declaration in body.split(";")
            for feature, value, how in declared_looks(declaration)
        )
        named = selector if selector.startswith("#") else selector[1:]
        head.styles.append(NamedStyle(id=named, looks=looks, source=f"smi {selector}"))


def class_name(language: str) -> str:
    """Return the class of a language: ``KRCC`` for Korean, ``ENCC`` for English."""
    base = language.partition("-")[0].lower()
    return _CLASS_OF.get(base, f"{base[:2].upper()}CC")


def made_head(track: Track, name: str, title: str) -> str:
    """Return the inside of a head for a track that did not come from SAMI."""
    try:
        told = resolve_language(track.language).name
    except PlanError:
        told = track.language
    told = re.sub(r"[{};:<>\n]", " ", told)
    return (
        f"\n<TITLE>{title}</TITLE>\n"
        '<STYLE TYPE="text/css">\n<!--\n'
        "P { margin-left:8pt; margin-right:8pt; margin-bottom:2pt; text-align:center; "
        "font-size:20pt; font-family:sans-serif; color:white; }\n"
        f".{name} {{ Name:{told}; lang:{track.language}; SAMIType:CC; }}\n"
        "-->\n</STYLE>\n"
    )
