"""What is in a reviewer's hands stays there: typed text, the cue they are at, what they played."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model import Track
from subkit.store import load
from tests.review.page.conftest import nothing_is_unsaved, saving, shows
from tests.review.page.test_page import NOW, to_cue
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from subkit.pipeline import Outcome
    from tests.review.page.conftest import Served

    Serve = Callable[..., Served]
    Visit = Callable[..., Page]


def test_typed_text_is_never_taken_back(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0002")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    with saving(page):
        page.keyboard.type("하나 ")  # the space is not saved, and not taken from under the caret
    page.evaluate("import('/static/store.js').then(m => m.store.loadRisk())")
    assert page.input_value("#rows textarea") == "하나 "
    with saving(page):
        page.keyboard.type("둘")
    assert served.document().track("ko").cue("c0002").lines == ("하나 둘",)
    # Two saves in flight: the second knows the revision that the first one made.
    page.evaluate(
        """() => import('/static/list.js').then(async ({ list }) => {
             const area = document.querySelector('#rows textarea');
             for (const text of ['셋', '넷']) {
               area.value = text;
               area.dispatchEvent(new Event('input'));
               list.save();
             }
           })"""
    )
    wait_until(lambda: served.document().track("ko").cue("c0002").lines == ("넷",))
    # The track changes before the text is saved: it is saved where it was typed.
    page.keyboard.type("다섯")
    page.select_option("#track", "es")
    page.wait_for_selector('.row [lang="es"]')
    wait_until(lambda: "다섯" in served.document().track("ko").cue("c0002").text)
    nothing_is_unsaved(page)
    assert "다섯" not in page.inner_text("#rows")
    assert page.locator("#dialog[open]").count() == 0


def test_a_syllable_in_the_making_is_left_alone(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0002")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    method = page.context.new_cdp_session(page)
    with saving(page):
        for part in ("ㅎ", "하", "한"):
            method.send(
                "Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1}
            )
    page.dispatch_event("#rows textarea", "keydown", {"key": "Enter", "isComposing": True})
    page.evaluate("import('/static/list.js').then(m => m.list.refresh())")
    assert page.input_value("#rows textarea") == "한"
    with saving(page):
        method.send("Input.insertText", {"text": "한국"})
    assert served.document().track("ko").cue("c0002").lines == ("한국",)


def test_a_filter_leaves_the_cue_in_hand(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    page.select_option("#filter", "open")
    to_cue(page, "c0003")
    with saving(page):
        page.keyboard.press("a")
    shows(page, NOW, "✓")  # approved, listed until it is left
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(f'{NOW}[data-cue="c0004"]')
    assert page.locator('.row[data-cue="c0003"]').count() == 0
    # Cues come, go, and come back; the page goes where undo happened.
    with saving(page):
        page.keyboard.press("Delete")
    page.wait_for_selector(f'{NOW}[data-cue="c0005"]')
    assert "c0004" not in [cue.id for cue in served.document().track("ko").cues]
    with saving(page):
        page.keyboard.press("Control+z")
    page.wait_for_selector(f'{NOW}[data-cue="c0004"]')
    with saving(page):
        page.keyboard.press("u")
    assert served.document().track("ko").cue("c0004").placement.vertical == "top"
    page.evaluate("import('/static/player.js').then(m => m.seek(1))")
    with saving(page):
        page.keyboard.press("e")
    page.wait_for_selector("#rows textarea")
    with saving(page):
        page.keyboard.type("새 자막")
    made = served.document().track("ko").cues[0]
    assert made.lines == ("새 자막",)
    assert round(made.span.start, 2) == 1


def test_typed_text_is_saved_once_the_server_is_back(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0002")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    served.kill()
    page.keyboard.type("기다리는 말")
    shows(page, "#status", "kept here")
    again = serve(path=served.path, port=served.port)
    page.context.new_page().goto(again.url)  # the address that is printed now, in another tab
    wait_until(lambda: again.document().track("ko").cue("c0002").lines == ("기다리는 말",))
    shows(page, NOW, "edited")
    assert page.locator("#dialog[open]").count() == 0


def test_a_project_with_little_in_it(serve: Serve, visit: Visit, demo: Outcome) -> None:
    project = load(demo.path)
    empty = Track(id="fr", language="fr", source="en")
    gone = replace(project.media, path="/nowhere/film.mp4")
    page = visit(serve(replace(project, tracks=(project.track("en"), empty), media=gone)))
    page.select_option("#track", "fr")
    shows(page, "#rows", "no cues yet")
    for key in ("a", "l", "m", "t", "r", "h", "w", "c", "Escape", "Delete", "u", "1", "n", "N"):
        page.keyboard.press(key)  # a fault in the page fails the test
    shows(page, "#status", "The queue is empty")
    page.keyboard.press("p")
    page.keyboard.press(" ")
    shows(page, "#media-note", "nothing to play")
    with saving(page):
        page.keyboard.press("e")
    page.wait_for_selector("#rows textarea")
    shows(page, "#progress", "1 of 1")


def test_what_was_seen_and_played_is_told(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    page.set_viewport_size({"width": 1100, "height": 600})
    outside = page.evaluate(
        "[...document.querySelectorAll('header *, footer *, #head *, #panel *')]"
        ".filter(e => e.getBoundingClientRect().right > 1100).map(e => e.outerHTML)"
    )
    assert outside == []

    def looked_at(cue: str) -> tuple[bool, bool]:
        review = served.document().track("ko").cue(cue).review
        return review.seen, review.played

    to_cue(page, "c0002")
    # Past, quickly: by the page's own clock, which is late when all that it looks at is late.
    page.evaluate(
        """() => new Promise((done) => {
             const list = document.getElementById('list');
             list.scrollTop = 500;
             setTimeout(() => { list.scrollTop = 0; done(); }, 300);
           })"""
    )
    page.keyboard.press("p")
    wait_until(lambda: looked_at("c0002") == (True, True))
    cues = [cue.id for cue in served.document().track("ko").cues]
    assert looked_at("c0001") == (True, False)
    assert looked_at(cues[9]) == (False, False)  # was on the screen for 0.3 s
    shows(page, f'.row[data-cue="{cues[0]}"] .marks', "seen")
    # Half of it is not all of it.
    to_cue(page, "c0003")
    page.keyboard.press("p")
    page.wait_for_timeout(500)
    page.keyboard.press(" ")
    wait_until(lambda: looked_at("c0003")[0])
    page.wait_for_timeout(4500)
    assert looked_at("c0003") == (True, False)
