"""How text looks: in the list, on the picture, and changed with what is selected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model import Feature, Mark
from subkit.store import load
from tests.review.page.conftest import saving, shows
from tests.review.page.test_page import NOW, to_cue

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from subkit.pipeline import Outcome
    from tests.review.page.conftest import Served

    Visit = Callable[..., Page]
    Serve = Callable[..., Served]

RED = "#ff0000ff"


def marks(served: Served, cue: str) -> list[tuple[str, str, str]]:
    """Each mark of a cue: feature, value, and the text it stands on."""
    found = served.document().track("ko").cue(cue)
    return [(m.feature.value, m.value, found.text[m.start : m.end]) for m in found.marks]


def select(page: Page, start: int, end: int) -> None:
    page.evaluate(f"document.querySelector('#rows textarea').setSelectionRange({start}, {end})")


def looks(page: Page, selector: str, name: str) -> str:
    # Found and asked in one step: the list may draw the row anew in between.
    script = "([which, name]) => getComputedStyle(document.querySelector(which))[name]"
    return str(page.evaluate(script, [selector, name]))


def test_what_is_selected_is_marked_and_unmarked(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0002")
    text = served.document().track("ko").cue("c0002").text
    page.keyboard.press("Enter")
    select(page, 0, 2)
    with saving(page, "Marked c0002: italic. Saved."):
        page.keyboard.press("Control+i")
    assert marks(served, "c0002") == [("italic", "", text[:2])]
    assert page.locator("#rows textarea").count() == 1, "the text stays open"
    with saving(page, "Marked c0002: bold. Saved."):
        select(page, 1, 4)
        page.keyboard.press("Control+b")
    with saving(page, "Took a mark off c0002: italic. Saved."):
        select(page, 0, 1)
        page.keyboard.press("Control+i")
    assert marks(served, "c0002") == [("bold", "", text[1:4]), ("italic", "", text[1:2])]
    page.keyboard.press("Escape")
    row = f"{NOW} .text .marked"
    assert page.locator(row).all_inner_texts() == [text[1:2], text[2:4]]
    assert looks(page, row, "font-style") == "italic"
    assert looks(page, row, "font-weight") == "700"
    page.wait_for_selector('.caption[data-cue="c0002"] .marked')
    assert looks(page, '.caption[data-cue="c0002"] .marked', "font-style") == "italic"
    with saving(page, "Undid the taking off of a mark of c0002."):
        page.keyboard.press("Control+z")
    assert ("italic", "", text[:2]) in marks(served, "c0002")


def test_typed_text_is_saved_first_and_marks_follow_it(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0002")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("Titanic")
    with saving(page, "Marked c0002: underlined. Saved."):
        page.keyboard.press("Control+u")
    assert marks(served, "c0002") == [("underline", "", "Titanic")]
    with saving(page):
        page.keyboard.press("Home")
        page.keyboard.type("The ")
        page.keyboard.press("Escape")
    assert marks(served, "c0002") == [("underline", "", "The Titanic")]


def test_a_colour_is_chosen_and_a_cue_is_forced(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0003")
    text = served.document().track("ko").cue("c0003").text
    page.keyboard.press("Enter")
    select(page, 0, 3)
    page.keyboard.press("Alt+c")
    with saving(page, "Marked c0003: colour. Saved."):
        page.click("#dialog button.color:has-text('red')")
    assert marks(served, "c0003") == [("color", RED, text[:3])]
    assert looks(page, f"{NOW} .text .marked", "color") == "rgb(255, 0, 0)"
    shows(page, "#panel .looks", "colour #ff0000")
    with saving(page, "forced"):
        page.click("#panel .looks button:has-text('Forced')")
    shows(page, f"{NOW} .marks", "forced")
    assert served.document().track("ko").cue("c0003").forced
    with saving(page, "Marked c0003: bold."):
        page.click("#panel .looks button.bold")
    assert ("bold", "", text) in marks(served, "c0003")


def test_readings_stand_over_their_letters(demo: Outcome, serve: Serve, visit: Visit) -> None:
    project = load(demo.path)
    track = project.track("ko")
    first, *rest = track.cues
    ruby = Mark(start=0, end=2, feature=Feature.RUBY, value="emma")
    italic = Mark(start=1, end=5, feature=Feature.ITALIC)
    project = project.with_track(replace(track, cues=(replace(first, marks=(ruby, italic)), *rest)))
    page = visit(serve(project))
    to_cue(page, first.id)
    row = f"{NOW} .text:not(.source .text)"
    assert page.inner_text(f"{row} rt") == "emma"
    assert page.locator(f"{row} ruby").count() == 1
    page.wait_for_selector(f'.caption[data-cue="{first.id}"] ruby')
    height = page.locator(NOW).bounding_box()
    assert height is not None
    area = page.locator(row).bounding_box()
    assert area is not None
    assert area["height"] <= height["height"], "readings do not make the row higher"
    page.dblclick(f"{row} .marked >> nth=0")
    assert page.locator("#rows textarea").input_value() == first.text
