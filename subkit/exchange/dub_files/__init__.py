"""Files of the dubbing stage: lines with characters, anchors, loops.

==========  =============  =====  ======  ========================================================
name        file           reads  writes  for
==========  =============  =====  ======  ========================================================
dapt        dapt.xml       yes    yes     dubbing scripts of the W3C: transcript, translation,
                                          before and after the recording
detx        detx           yes    yes     rhythmo bands of Cappella and Joker
ttal        ttal.json      yes    yes     programs of studios (provisional)
dub-xlsx    dialogue.xlsx  yes    yes     dialogue lists with characters and change log
dub-csv     dialogue.csv   yes    yes     dialogue lists
adr         adr.csv        yes    yes     cue sheets of ADR sessions
characters  characters.csv        yes     casting
dub-docx    script.docx            yes    scripts for actors, by character or by loop
protools    protools.txt   yes    yes     sessions of Pro Tools as text
dub-edl     dub.edl        yes    yes     locators of editing systems
==========  =============  =====  ======  ========================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.lazy_names import on_first_use

if TYPE_CHECKING:
    from subkit.exchange.dub_files.dub_formats import (
        DUB_FILES,
        is_dub_file,
        read_dub_file,
        write_dub_file,
    )
    from subkit.exchange.dub_files.dub_importing import import_dub_file
    from subkit.exchange.dub_files.dub_merging import take_dub
    from subkit.exchange.dub_files.dub_scripts import DubReply, DubScript, StageFacts, dub_script

__all__ = [
    "DUB_FILES",
    "DubReply",
    "DubScript",
    "StageFacts",
    "dub_script",
    "import_dub_file",
    "is_dub_file",
    "read_dub_file",
    "take_dub",
    "write_dub_file",
]

__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "dub_formats": "DUB_FILES is_dub_file read_dub_file write_dub_file",
        "dub_importing": "import_dub_file",
        "dub_scripts": "DubReply DubScript StageFacts dub_script",
        "dub_merging": "take_dub",
    },
)
