"""The pictures in docs/images: `pytest -m soak tests/review/page/test_screenshots.py`."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import ffmpeg
import pytest

from subkit.media import find_ffmpeg
from subkit.model import Cue, Project, Track
from subkit.store import load
from tests.review.page.conftest import saving
from tests.review.page.test_page import to_cue

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from subkit.pipeline import Outcome
    from tests.review.page.conftest import Served

IMAGES = Path(__file__).parents[3] / "docs" / "images"
MOST_BYTES = 150_000

ARABIC = {
    "c0001": ("إيما، هناك من يتبعنا.",),
    "c0002": ("ساعدني من فضلك يا هوغو!",),
    "c0003": ("في الفندق اثنا عشر رجلًا.",),
    "c0004": ("عليك أن تذهب إلى الميناء", "بعد ساعة."),
    "c0005": ("تركت المذكرات في الميناء.",),
    "c0006": ("المحقق ينتظر في المحطة.",),
    "c0007": ("رأيت أخي قرب المحطة", "ليلة أمس."),
    "c0008": ("القبطان يقول إنك تكذب.",),
    "c0009": ("لا تلمس الهاتف (Siemens 3).",),
    "c0010": ("لماذا أخفى الغريب المذكرات؟",),
}
HEBREW = {
    "c0001": ("אמה, מישהו עוקב אחרינו.",),
    "c0002": ("עזור לי בבקשה, הוגו!",),
    "c0003": ("יש שנים־עשר גברים במלון.",),
    "c0004": ("אתה חייב ללכת לנמל", "בעוד שעה."),
    "c0005": ("השארתי את היומן בנמל.",),
    "c0006": ("הבלש מחכה בתחנה.",),
}


def right_to_left(demo: Outcome) -> Project:
    """The demo with an Arabic and a Hebrew track, as far as they go."""
    project = load(demo.path)

    def track(language: str, texts: dict[str, tuple[str, ...]]) -> Track:
        cues = tuple(
            Cue(id=cue.id, span=cue.span, lines=texts[cue.id], sources=(cue.id,))
            for cue in project.track("en").cues
            if cue.id in texts
        )
        return Track(id=language, language=language, source="en", cues=cues)

    return replace(project, tracks=(project.track("en"), track("ar", ARABIC), track("he", HEBREW)))


def plain(page: Page) -> None:
    """A cue with two alternatives, its picture on the screen."""
    to_cue(page, "c0003")


def queue(page: Page) -> None:
    page.select_option("#filter", "queue")
    page.keyboard.press("n")
    page.wait_for_selector("#panel .reason")


def typing(page: Page) -> None:
    to_cue(page, "c0004")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rows textarea")


def history(page: Page) -> None:
    to_cue(page, "c0002")
    with saving(page):
        page.keyboard.press("1")
    page.keyboard.press("h")
    page.wait_for_selector("#history ins")


def shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("#dialog[open]")


def sign_off(page: Page) -> None:
    page.keyboard.press("A")
    page.wait_for_selector("#dialog[open]")


def conflict(page: Page) -> None:
    """Somebody else is quicker: what a second page would send, sent by hand."""
    to_cue(page, "c0005")
    page.keyboard.press("Enter")
    page.evaluate(
        """async () => {
             const cue = await (await fetch('/api/cue?track=ko&cue=c0005')).json();
             const area = document.querySelector('#rows textarea');
             area.value = '일기장은 항구에 있어.';
             area.dispatchEvent(new Event('input'));
             await fetch('/api/edit', {method: 'POST',
               headers: {'Content-Type': 'application/json'},
               body: JSON.stringify({op: 'retext', track: 'ko', cue: cue.id,
                 revision: cue.revision, lines: ['그 일기장은 항구에 두고 왔어.']})});
           }"""
    )
    page.wait_for_selector("#dialog[open]")


PICTURES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "review-light": ("light", "ko", plain),
    "review-dark": ("dark", "es", plain),
    "review-queue": ("light", "ko", queue),
    "review-rtl": ("light", "ar", typing),
    "review-history": ("light", "ko", history),
    "review-help": ("light", "ko", shortcuts),
    "review-conflict": ("light", "ko", conflict),
    "review-sign-off": ("dark", "ko", sign_off),
}
"""File name -> colours, track, what is done before the picture is taken."""


def take(page: Page, name: str, target: Path) -> None:
    """Bring the page to where the picture is, and take it, in 96 colours."""
    _, track, act = PICTURES[name]
    page.select_option("#track", track)
    page.wait_for_selector(f'.row [lang="{track}"]')
    act(page)
    page.wait_for_timeout(900)  # the picture, the waveform and the details of the cue
    raw = page.screenshot(animations="disabled", caret="initial")
    both = ffmpeg.input("-", f="image2pipe", **{"c:v": "png"}).split()
    colours = both[0].filter("palettegen", max_colors=96)
    fewer = ffmpeg.filter((both[1], colours), "paletteuse", dither="none").output(str(target))
    command = fewer.compile([str(find_ffmpeg()), "-nostdin", "-loglevel", "error", "-y"])
    subprocess.run(command, input=raw, check=True, timeout=60)


@pytest.mark.soak
@pytest.mark.parametrize("name", PICTURES)
def test_pictures_of_the_page(
    serve: Callable[..., Served], visit: Callable[..., Page], demo: Outcome, name: str
) -> None:
    scheme, track, _ = PICTURES[name]
    served = serve(right_to_left(demo)) if track in {"ar", "he"} else serve()
    page = visit(served, color_scheme=scheme)
    take(page, name, IMAGES / f"{name}.png")
    assert (IMAGES / f"{name}.png").stat().st_size < MOST_BYTES
