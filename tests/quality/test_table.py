"""The documentation has the table of the rules as they are."""

from __future__ import annotations

from pathlib import Path

from subkit.quality import RULES
from subkit.quality.report.explained import rule_table

PAGE = Path(__file__).parents[2] / "docs" / "quality.md"


def test_the_documentation_has_every_rule_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert rule_table() in page, (
        "put subkit.quality.report.explained.rule_table() into docs/quality.md"
    )
    for rule in RULES:
        assert f"| `{rule.name}` | {rule.severity.value} |" in page
