"""What each rule that found something means, and where its numbers come from."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from subkit.quality.rules import RULES
from subkit.quality.rules.word_lists import WORD_RULES
from subkit.styles import MEANINGS, confidence_texts, source_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.model import Profile
    from subkit.quality.report.checked import Checked

__all__ = ["explanations", "rule_table"]

_ABOUT = {rule.name: rule for rule in (*RULES, *WORD_RULES)}


def explanations(checked: Sequence[Checked]) -> str:
    """A part of the page with each rule that found something, in the order of their table."""
    used = {finding.rule for one in checked for finding in one.findings}
    names = [name for name in _ABOUT if name in used] + sorted(used - set(_ABOUT))
    if not names:
        return ""
    fields = {field for name in names if name in _ABOUT for field in _ABOUT[name].fields}
    inner = "".join(_rule(name, checked) for name in names)
    return f"<section><h2>The rules, explained</h2>{inner}{_sources(fields, checked)}</section>"


def _rule(name: str, checked: Sequence[Checked]) -> str:
    rule = _ABOUT.get(name)
    about = rule.about if rule else "A finding of translation, or of a rule of your own."
    paragraphs = "".join(
        f"<p>{escape(' '.join(part.replace('``', '').split()))}</p>" for part in about.split("\n\n")
    )
    numbers: dict[str, list[str]] = {}
    for one in checked if rule else ():
        for line in _numbers(rule.fields if rule else (), one.subject.profile):
            numbers.setdefault(line, []).append(one.subject.profile.language)
    shown = "".join(
        f"<li>{escape(line)}, for {escape(', '.join(dict.fromkeys(tags)))}</li>"
        for line, tags in list(numbers.items())[:40]
    )
    return (
        f'<details id="rule-{escape(name)}" open><summary><b>{escape(name)}</b></summary>'
        f"<div>{paragraphs}{f'<ul>{shown}</ul>' if shown else ''}</div></details>"
    )


def _numbers(fields: Sequence[str], profile: Profile) -> Iterator[str]:
    """List the numbers of a style with their confidence and sources."""
    sources = {source.rule: source for source in profile.rule_sources}
    for field in fields:
        source = sources.get(field)
        if source is None:
            continue
        value: object = profile
        for part in field.split("."):
            value = getattr(value, part, None)
        if isinstance(value, Fraction):
            value = f"{float(value):.3g}"
        origin = f"{source.confidence}: {', '.join(source.sources)}"
        yield f"{profile.id}: {MEANINGS[field]}: {value} ({origin})"


def _sources(fields: set[str], checked: Sequence[Checked]) -> str:
    """Explain the letters and the short names of these numbers."""
    used = [s for one in checked for s in one.subject.profile.rule_sources if s.rule in fields]
    names = dict.fromkeys(name for source in used for name in source.sources)
    texts = dict(confidence_texts())
    texts.update((name, source_texts()[name]) for name in names if name in source_texts())
    items = "".join(f"<li><b>{escape(k)}</b> {escape(v)}</li>" for k, v in texts.items())
    return f'<h3>Sources</h3><ul class="sources soft">{items}</ul>' if used else ""


def rule_table() -> str:
    """The table in Markdown: name, severity, what it finds, the fields of the profile it uses."""
    rows = ["| rule | severity | finds | numbers |", "|---|---|---|---|"]
    for rule in (*RULES, *WORD_RULES):
        finds = rule.finds.replace("``", "`").replace("|", "\\|")
        fields = ", ".join(f"`{field}`" for field in rule.fields)
        rows.append(f"| `{rule.name}` | {rule.severity.value} | {finds} | {fields} |")
    return "\n".join(rows) + "\n"
