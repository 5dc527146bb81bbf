"""Sheets for people who do not use subkit, and importing their changes.

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

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.lazy_names import on_first_use

if TYPE_CHECKING:
    from subkit.exchange.importing import import_file
    from subkit.exchange.merging import Import, Refusal, take_rows
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
    from subkit.exchange.track_sheets import track_sheet

__all__ = [
    "BILINGUAL",
    "SHEETS",
    "Basis",
    "Import",
    "Limits",
    "Refusal",
    "Remark",
    "Reply",
    "Returned",
    "Sheet",
    "SheetRow",
    "TimedRemark",
    "clean",
    "import_file",
    "is_sheet",
    "read_sheet",
    "take_rows",
    "text_digest",
    "track_sheet",
    "write_sheet",
]

__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "importing": "import_file",
        "merging": "Import Refusal take_rows",
        "sheet_formats": "BILINGUAL SHEETS is_sheet read_sheet write_sheet",
        "sheet_rows": (
            "Basis Limits Remark Reply Returned Sheet SheetRow TimedRemark clean text_digest"
        ),
        "track_sheets": "track_sheet",
    },
)
