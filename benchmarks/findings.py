"""What ``qc`` finds in subtitles that people made: most findings on wording and marks are false.

``python benchmarks/findings.py FOLDER [RULE …]``: counts by rule over the subtitle files of a
folder in subkit's own style, and the cues that the named rules find.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from subkit.errors import SubkitError
from subkit.pipeline import subtitle_project
from subkit.quality.project_check import check_project
from subkit.styles import Styles

TIMES_AND_SPEED = (
    *("gap", "chained-gap", "overlap", "min-duration", "max-duration"),
    *("reading-speed", "too-slow", "cpl", "lines"),
)
"""What a style measures in numbers: people depart from it, and no finding of it is false."""


def main(folder: Path, shown: set[str]) -> None:
    """Print the counts, and what the named rules find."""
    counts: Counter[str] = Counter()
    cues = 0
    for path in sorted(folder.iterdir()):
        try:
            project, _ = subtitle_project(path)
        except SubkitError:
            continue
        cues += sum(len(track.cues) for track in project.tracks)
        for findings in check_project(project, Styles()).values():
            counts.update(finding.rule for finding in findings)
            for finding in findings:
                if finding.rule in shown:
                    print(f"{path.name}: {finding.message}")
    doubtful = sum(count for rule, count in counts.items() if rule not in TIMES_AND_SPEED)
    print(f"{cues} cues, {counts.total()} findings, {doubtful} of them on wording and marks")
    for rule, count in counts.most_common():
        print(f"{count:6} {rule}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))
