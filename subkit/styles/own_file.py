"""Write a template for the user's own style: a TOML file that lists what it inherits."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.styles.meaning import MEANINGS
from subkit.styles.numbers import FIELDS, GROUPS
from subkit.styles.profiles import profile_name, profile_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from subkit.styles.numbers import Layer, StyleNumber, Value

__all__ = ["own_style"]

_HEAD = """\
# A house style for subkit: subkit qc FILE --styles THIS.toml
#
# It inherits every number of {parent} ({name}).
# Each line below shows one, for {language}, with what it means, how sure it is (A read in the
# guide, B quoted, C from a tool or secondary text, D own proposal) and by which source.
# Remove the # in front of a line and change its value to set your own.
"""

_TAIL = """\
# Numbers for one language go before the general ones:
# [languages.ko]
# max_cpl = 14
# [languages.ko.text]
# dash = "both spaced"
"""


def own_style(
    style_id: str, *, inherits: str, language: str = "en", own: Mapping[str, Layer] | None = None
) -> str:
    """The text of a new style file: everything is inherited, and every line says from where.

    Args:
        style_id: Id of the new style.
        inherits: Id of the style underneath.
        language: BCP 47 language whose numbers are shown.
        own: Where to look for ``inherits`` before the styles that come with subkit.

    Raises:
        PlanError: there is no style ``inherits``.
        InputError: a style of the user's inherits itself.
    """
    rules = profile_rules(inherits, language, own=own)
    name = profile_name(inherits, own=own)
    parts = [
        _HEAD.format(parent=inherits, name=name, language=language),
        f"id = {_toml(style_id)}\nname = {_toml(style_id)}\ninherits = {_toml(inherits)}\n",
        _lines([field for field in FIELDS if "." not in field and field != "shots"], rules),
    ]
    for group in GROUPS:
        fields = [field for field in FIELDS if field.startswith(f"{group}.")]
        parts.append(f"[{group}]\n{_lines(fields, rules)}")
    return "\n".join((*parts, _TAIL))


def _lines(fields: list[str], rules: dict[str, StyleNumber]) -> str:
    lines = []
    for field in fields:
        rule = rules.get(field)
        value = _toml(rule.value) if rule else ""
        origin = f" ({rule.confidence}: {', '.join(rule.sources)})" if rule else " (not stated)"
        lines.append(f"# {field.rpartition('.')[2]} = {value}".rstrip())
        lines.append(f"#     {MEANINGS[field]}{origin}")
    return "".join(f"{line}\n" for line in lines)


def _toml(value: Value) -> str:
    if value is None:
        return "false"
    if isinstance(value, Fraction):
        return str(value) if value.denominator == 1 else f'"{value}"'
    return json.dumps(value, ensure_ascii=False)
