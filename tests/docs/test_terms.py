"""One word for one thing: every noun of the code is a term of docs/terms.md, or a plain word."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

PLAIN = set(
    """
    activity address answer audio batches beginnings bounds broadcast buffer checked conversions
    column
    counts decision decoded decoding detector device dictionary died duration engine engines entry
    environment error event failure file fit fixes found gatekeeper guarded heard import index kind
    language layout library limits listing maker media mel missing model name neighbours note
    number options output package parts payload people planner probed process progress proposal
    proxies quantity questions rate reader repairs request result retrying returned rounding row
    rules run screening share shown silent source spans speed spoken stacks state status stream
    styles syntax tag timeline timing transactions use verdict vocabulary writer m2m100 madlad
    marian nllb editor line map mark read replacement retranslator attachment builder cascade
    classes clock computed content dialect exported extraction field film letter look packet
    odds paragraph place script search service streams tally text walk backend diarizer encoder
    moment handle problem report commands
    """.split()  # noqa: SIM905
)
"""Words that mean in subkit what they mean everywhere, and names of models."""


def _terms() -> set[str]:
    page = (ROOT / "docs" / "terms.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", page, re.MULTILINE)
    return {word.lower() for term in terms for word in re.findall(r"[A-Za-z]+", term)}


def _nouns() -> dict[str, str]:
    """The last word of the name of every public class, with an example of it."""
    found = {}
    for path in (ROOT / "subkit").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                words = re.findall(r"[A-Z][a-z0-9]*", node.name)
                found[words[-1].lower().replace("recognizer", "recogniser")] = node.name
    return found


def test_every_noun_of_the_code_is_a_term_or_a_plain_word() -> None:
    terms = _terms()
    unknown = {
        noun: name
        for noun, name in _nouns().items()
        if noun not in terms | PLAIN and noun.removesuffix("s") not in terms
    }
    assert unknown == {}
