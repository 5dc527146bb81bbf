"""What ``qc`` finds in subtitles that people made: most findings on wording and marks are false.

    python benchmarks/findings.py FOLDER --show doubled-mark --json FILE

Counts by rule over the subtitle files of a folder in subkit's own style, and the cues that the
rules named by ``--show`` find. Which of the findings are false is for a person to say.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results
from subkit.errors import SubkitError
from subkit.pipeline import subtitle_project
from subkit.quality.project_check import check_project
from subkit.styles import Styles

TIMES_AND_SPEED = (
    *("gap", "chained-gap", "overlap", "min-duration", "max-duration"),
    *("reading-speed", "too-slow", "cpl", "lines"),
)
"""What a style measures in numbers: people depart from it, and no finding of it is false."""


def main() -> None:
    """Print the counts, and what the named rules find."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", nargs="+", default=[], metavar="RULE")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    folder, shown = arguments.folder, set(arguments.show)
    counts: Counter[str] = Counter()
    cues = files = 0
    for path in sorted(folder.iterdir()):
        try:
            project, _ = subtitle_project(path)
        except SubkitError:
            continue
        files += 1
        cues += sum(len(track.cues) for track in project.tracks)
        for findings in check_project(project, Styles()).values():
            counts.update(finding.rule for finding in findings)
            for finding in findings:
                if finding.rule in shown:
                    print(f"{path.name}: {finding.message}")
    doubtful = sum(count for rule, count in counts.items() if rule not in TIMES_AND_SPEED)
    print(
        f"{files} files, {cues} cues, {counts.total()} findings,"
        f" {doubtful} of them on wording and marks"
    )
    for rule, count in counts.most_common():
        print(f"{count:6} {rule}")
    if arguments.json:
        found = {"files": files, "cues": cues, "findings": counts.total(), "on_wording": doubtful}
        rules = dict(counts.most_common())
        write_results(arguments.json, sys.argv, machine_facts(), **found, by_rule=rules)


if __name__ == "__main__":
    main()
