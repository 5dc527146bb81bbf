"""The row of buttons: replacing over the track, going to places and findings, exporting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.store import ProjectFile
from tests.review.page.conftest import saving, shows
from tests.review.page.test_page import NOW, to_cue

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.review.page.conftest import Served

    Visit = Callable[..., Page]


def texts(served: Served) -> dict[str, str]:
    return {cue.id: cue.text for cue in served.document().track("ko").cues}


def tool(page: Page, name: str) -> None:
    page.click(f"#tools button:has-text('{name}')")


def test_replacing_is_shown_first_and_undone_at_once(served: Served, visit: Visit) -> None:
    page = visit(served)
    with saving(page, "Locked c0003"):
        to_cue(page, "c0003")
        page.keyboard.press("l")
    before = texts(served)
    having = [cue for cue, text in before.items() if "있어" in text]
    assert "c0003" in having
    page.keyboard.press("Control+h")
    page.keyboard.type("있어")
    page.fill("#dialog input[aria-label='Replace with']", "있다")
    shows(page, "#found", f"{len(having) - 1} found in {len(having) - 1} cues · 1 locked")
    assert page.locator("#preview ins").count() == len(having) - 1
    page.uncheck(f"#preview input[aria-label='Change {having[-1]}']")
    assert texts(served) == before  # nothing changes before it is said
    with saving(page, f"Replaced in {len(having) - 2} cues. Saved."):
        page.click("#dialog button.main")
    after = texts(served)
    left_alone = {"c0003", having[-1]}
    assert after == {
        cue: text if cue in left_alone else text.replace("있어", "있다")
        for cue, text in before.items()
    }
    with saving(page, "Undid the replacement of"):
        tool(page, "Undo")
    assert texts(served) == before
    page.keyboard.press("Control+h")
    page.check("#dialog label:has-text('Pattern') input")
    page.fill("#dialog input[aria-label='Find']", "(")
    shows(page, "#found", "This is no pattern")
    assert page.is_disabled("#dialog button.main")


def test_buttons_go_to_times_cues_and_findings(served: Served, visit: Visit) -> None:
    page = visit(served)
    page.keyboard.press("g")
    page.keyboard.type("00:00:29:00")
    page.keyboard.press("Enter")
    shows(page, "#clock", "00:00:29:00")
    shows(page, f"{NOW} .number", "c0007")
    tool(page, "Go to")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    shows(page, f"{NOW} .number", "c0004")
    tool(page, "Go to")
    page.keyboard.type("nowhere")
    page.keyboard.press("Enter")
    shows(page, "#status", "nowhere is neither a timecode nor a cue")
    page.select_option("#track", "es")
    page.wait_for_selector('.row [lang="es"]')
    found = page.evaluate(
        "fetch('/api/findings?track=es').then(r => r.json()).then(r => r.findings.map(f => f.cue))"
    )
    assert len(found) >= 2
    to_cue(page, "c0001")
    for place, cue in enumerate((*found, found[0]), 1):
        tool(page, "Finding ▸")
        shows(page, f"{NOW} .number", cue)
        shows(page, "#status", f"{(place - 1) % len(found) + 1} of {len(found)}")
    tool(page, "◂ Finding")
    shows(page, f"{NOW} .number", found[-1])


def test_split_new_and_merge_have_buttons(served: Served, visit: Visit) -> None:
    page = visit(served)
    to_cue(page, "c0001")
    with saving(page, "Split c0001 into c0001 and c0001.2. Saved."):
        tool(page, "Split")
    with saving(page, "Merged c0001 and c0001.2. Saved."):
        tool(page, "Merge")
    page.keyboard.press("Enter")  # the caret stays where it is when a button is clicked
    page.keyboard.press("Control+Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    first = texts(served)["c0001"][:3].strip()
    with saving(page, "Split c0001"):
        tool(page, "Split")
    assert texts(served)["c0001"] == first
    page.evaluate("import('/static/player.js').then(m => m.seek(1))")
    with saving(page, "New cue"):
        tool(page, "New")
    assert page.locator("#rows textarea").count() == 1


def test_an_export_that_is_no_release_is_a_draft(served: Served, visit: Visit) -> None:
    page = visit(served)
    target = served.path.with_suffix(".es.srt")
    page.select_option("#track", "es")
    page.wait_for_selector('.row [lang="es"]')
    page.keyboard.press("E")
    shows(page, "#dialog", "not approved by a person")
    page.click("#dialog button:has-text('draft')")
    shows(page, "#status", "Wrote scene.es.srt and scene.es.disclosure.json")
    before = target.read_bytes()
    with saving(page):
        page.keyboard.press("A")
        page.click("#dialog button.main")
    tool(page, "Export")
    shows(page, "#dialog", "passes its gate")
    page.click("#dialog button.main")
    shows(page, "#status", "Wrote scene.es.srt")
    assert target.read_bytes() == before  # the same text
    with saving(page, "Deleted c0001. Saved."):
        to_cue(page, "c0001")
        page.keyboard.press("Delete")
    page.keyboard.press("E")
    page.click("#dialog button:has-text('Export')")
    shows(page, "#status", "Not exported")
    shows(page, "#status", "already exists")
    assert target.read_bytes() == before
    with ProjectFile.open(served.path, writable=False) as file:
        assert file.verify() is None
