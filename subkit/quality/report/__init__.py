"""Findings for people and programs: a page, JUnit XML, rows for a table, one sentence."""

from subkit.quality.report.checked import (
    COLUMNS,
    Checked,
    clock,
    finding_rows,
    plain_finding,
    statement,
)
from subkit.quality.report.junit import junit_xml
from subkit.quality.report.page import report_page

__all__ = [
    "COLUMNS",
    "Checked",
    "clock",
    "finding_rows",
    "junit_xml",
    "plain_finding",
    "report_page",
    "statement",
]
