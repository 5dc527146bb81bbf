"""Sheets for people who work elsewhere, and what comes back from them.

=========  ======  ======  ==================================================================
extension  reads   writes  for
=========  ======  ======  ==================================================================
xlsx       yes     yes     reviewers with a spreadsheet
docx       yes     yes     reviewers with Word: tracked changes and comments are read
csv        yes     yes     everything else; also the comments that Frame.io exports (reads only)
xlf        yes     yes     translation tools: XLIFF 2.0 with states, length limits and notes
tmx        yes     yes     translation memories: TMX 1.4b
=========  ======  ======  ==================================================================
"""

from subkit.exchange.sheet_formats import BILINGUAL, SHEETS, is_sheet, read_sheet, write_sheet
from subkit.exchange.sheet_rows import (
    Basis,
    Limits,
    Remark,
    Reply,
    Returned,
    Sheet,
    SheetRow,
    TimedRemark,
    clean,
    text_digest,
)

__all__ = [
    "BILINGUAL",
    "SHEETS",
    "Basis",
    "Limits",
    "Remark",
    "Reply",
    "Returned",
    "Sheet",
    "SheetRow",
    "TimedRemark",
    "clean",
    "is_sheet",
    "read_sheet",
    "text_digest",
    "write_sheet",
]
