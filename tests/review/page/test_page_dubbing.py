"""Lines to be dubbed on the page: lights, takes, characters, loops and the band, by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from subkit.model import TakeStatus
from subkit.store import load
from tests.builders.dubbed import LINES, with_dubbing
from tests.review.page.conftest import saving, shows
from tests.review.page.test_page import NOW, to_cue

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from subkit.pipeline import Outcome
    from tests.review.page.conftest import Served


@pytest.fixture
def open_lines(
    serve: Callable[..., Served], visit: Callable[..., Page], demo: Outcome
) -> tuple[Served, Page]:
    served = serve(with_dubbing(load(demo.path)))
    page = visit(served)
    page.select_option("#track", LINES)
    page.wait_for_selector(".row .light.red, .row .light.amber, .row .light.green")
    return served, page


def band(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("import('/static/band.js').then(b => b.state())"))


def test_lights_characters_and_takes(open_lines: tuple[Served, Page]) -> None:
    served, page = open_lines
    to_cue(page, "c0002")
    light = page.inner_text(f"{NOW} .light")
    assert light.split()[0] in {"green", "amber", "red"}
    assert "s too" in light or "on time" in light
    assert page.inner_text(f"{NOW} .who") == "Hugo <b>"  # a name is text, never markup
    for status in (TakeStatus.RECORDED, TakeStatus.RETAKE, TakeStatus.OPEN):
        with saving(page):
            page.keyboard.press("d")
        line = served.document().track(LINES).cue("c0002").dub
        assert line is not None
        assert line.take is status
        if status is not TakeStatus.OPEN:
            shows(page, f"{NOW} .take", status.value)
        page.wait_for_timeout(400)


def test_an_alternative_shows_its_light_and_takes_one_key(
    open_lines: tuple[Served, Page],
) -> None:
    served, page = open_lines
    to_cue(page, "c0003")
    page.wait_for_selector("#panel .choice .light.red")
    text = served.document().track(LINES).cue("c0003").alternatives[0].text
    with saving(page):
        page.keyboard.press("1")
    assert served.document().track(LINES).cue("c0003").text == text
    shows(page, f"{NOW} .light", "too long")


def test_one_character_is_listed_and_all_again(open_lines: tuple[Served, Page]) -> None:
    _, page = open_lines
    to_cue(page, "c0002")
    page.keyboard.press("C")
    shows(page, "#status", "Only Hugo <b>")
    assert set(page.locator(".row .who").all_inner_texts()) == {"Hugo <b>"}
    page.keyboard.press("C")
    page.wait_for_selector('.row[data-cue="c0001"]')


def test_loops_by_keys_and_by_dragging(open_lines: tuple[Served, Page]) -> None:
    served, page = open_lines

    def loops() -> list[tuple[str, ...]]:
        return [loop.cues for loop in served.document().track(LINES).loops]

    to_cue(page, "c0002")
    with saving(page):
        page.keyboard.press(")")
    assert loops()[:2] == [("c0001", "c0002"), ("c0003", "c0004", "c0005", "c0006")]
    assert served.document().track(LINES).loops[0].locked
    page.wait_for_timeout(400)
    with saving(page):
        page.keyboard.press("L")
    assert not served.document().track(LINES).loops[0].locked
    page.wait_for_timeout(400)
    zoom, left = page.evaluate(
        "import('/static/wave.js').then(w => { const s = w.state(); return [s.zoom, s.left]; })"
    )
    box = page.locator("#peaks").bounding_box()
    assert box is not None
    track = served.document().track(LINES)
    x = box["x"] + (float(track.loops[0].span.end) - left) * zoom
    to = box["x"] + (float(track.cue("c0003").span.end) - left) * zoom
    with saving(page):
        page.mouse.move(x - 2, box["y"] + 6)
        page.mouse.down()
        page.mouse.move(to, box["y"] + 6, steps=4)
        page.mouse.up()
    assert loops()[0] == ("c0001", "c0002", "c0003")
    with saving(page, "Undid the change of a loop"):
        page.keyboard.press("Control+z")
    assert loops()[0] == ("c0001", "c0002")


def test_the_band_is_drawn_with_every_frame_of_the_screen(
    open_lines: tuple[Served, Page],
) -> None:
    _, page = open_lines
    assert page.is_visible("#band")
    assert page.is_hidden("#captions")
    page.keyboard.press(" ")
    page.wait_for_function("!document.getElementById('video').paused")
    frames, drawn = page.evaluate(
        """async () => {
             const { state } = await import('/static/band.js');
             const before = state().drawn;
             let frames = 0;
             await new Promise((done) => {
               const next = () => (++frames < 60 ? requestAnimationFrame(next) : done());
               requestAnimationFrame(next);
             });
             return [frames, state().drawn - before];
           }"""
    )
    assert drawn >= frames - 3
    page.keyboard.press(" ")
    page.keyboard.press("z")
    assert page.is_hidden("#band")
    assert page.is_visible("#captions")


def test_a_word_meets_the_reading_line_at_its_time(open_lines: tuple[Served, Page]) -> None:
    _, page = open_lines
    to_cue(page, "c0004")
    state = band(page)
    edge = page.evaluate(
        """async ([share]) => {
             const { seek, now } = await import('/static/player.js');
             const { store } = await import('/static/store.js');
             const { lineOf } = await import('/static/dubbing.js');
             const [, start] = lineOf('c0004').words[0];
             const video = document.getElementById('video');
             const sought = new Promise((done) => { video.onseeked = done; });
             seek(start);
             await sought;
             await new Promise((done) => setTimeout(done, 300));
             const canvas = document.getElementById('band');
             const scale = canvas.width / canvas.clientWidth;
             const pen = canvas.getContext('2d');
             const row = pen.getImageData(0, Math.round(30 * scale), canvas.width, 1).data;
             const ground = row.slice(0, 3).join();
             const at = (x) => row.slice(4 * x, 4 * x + 3).join();
             let x = Math.round((share * canvas.clientWidth + 8) * scale);
             while (x > 0 && at(x) !== ground) x -= 1;  // to where the line begins
             return [x / scale, share * canvas.clientWidth, now() - start];
           }""",
        [state["read"]],
    )
    left, reading, late = edge
    frame = state["speed"] / float(24)
    assert abs(left - (reading - late * state["speed"])) <= frame


def test_keys_of_dubbing_say_so_on_subtitles(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(serve())
    to_cue(page, "c0002")
    for key, word in (("d", "recorded"), ("C", "characters"), ("(", "loops"), ("z", "band")):
        page.keyboard.press(key)
        shows(page, "#status", word)
    assert page.is_hidden("#band")
