"""Check what `subkit demo` left behind: the files a user opens, with cues in each."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

folder = Path(sys.argv[1])
reference = json.loads((Path(__file__).parent.parent / "subkit/demo/scene/scene.json").read_text())
spoken = len(reference["lines"])
faults = []
if not (folder / "scene.subkit").is_file():
    faults.append("no project file")
for language in ("en", "ko", "es"):
    for extension in ("srt", "vtt"):
        path = folder / f"scene.{language}.{extension}"
        cues = len(re.findall(r" --> ", path.read_text("utf-8"))) if path.is_file() else 0
        print(f"{path.name}: {cues} cues for {spoken} spoken lines")
        if not spoken * 0.6 <= cues <= spoken * 1.6:
            faults.append(f"{path.name} has {cues} cues")
if faults:
    sys.exit("; ".join(faults))
