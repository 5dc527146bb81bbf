"""All rules as the table of ``docs/quality.md``."""

from __future__ import annotations

from subkit.quality.rules import RULES
from subkit.quality.rules.word_lists import WORD_RULES

__all__ = ["rule_table"]


def rule_table() -> str:
    """The table in Markdown: name, severity, what it finds, the fields of the profile it uses."""
    rows = ["| rule | severity | finds | numbers |", "|---|---|---|---|"]
    for rule in (*RULES, *WORD_RULES):
        finds = rule.finds.replace("``", "`").replace("|", "\\|")
        fields = ", ".join(f"`{field}`" for field in rule.fields)
        rows.append(f"| `{rule.name}` | {rule.severity.value} | {finds} | {fields} |")
    return "\n".join(rows) + "\n"
