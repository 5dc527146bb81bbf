"""WebVTT as Chromium and ffmpeg read what was written."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg

from subkit.formats.webvtt import WebVttReader, WebVttWriter
from subkit.model import Feature, Placement
from tests.styled import MEDIA, cue, marked, track

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

_READ = """async (text) => {
  const video = document.createElement("video");
  const track = document.createElement("track");
  track.src = URL.createObjectURL(new Blob([text], {type: "text/vtt"}));
  track.default = true;
  video.append(track);
  document.body.append(video);
  track.track.mode = "showing";
  await new Promise((done, fail) => { track.onload = done; track.onerror = fail; });
  return [...track.track.cues].map((cue) => {
    const holder = document.createElement("div");
    holder.append(cue.getCueAsHTML());
    return {id: cue.id, html: holder.innerHTML, text: holder.textContent, align: cue.align,
      line: cue.line, size: cue.size, position: cue.position, vertical: cue.vertical};
  });
}"""


def _seen(chromium: Browser, text: str) -> list[dict[str, Any]]:
    page = chromium.new_page()
    try:
        found: list[dict[str, Any]] = page.evaluate(_READ, text)
    finally:
        page.close()
    return found


def test_chromium_sees_the_marks(chromium: Browser) -> None:
    marks = (
        marked(0, 5, Feature.ITALIC),
        marked(3, 8, Feature.BOLD),
        marked(6, 8, Feature.COLOR, "#ffff00ff"),
        marked(9, 11, Feature.RUBY, "かんじ"),
        marked(9, 11, Feature.COLOR, "#123456ff"),
    )
    styled = track(
        cue("Hello, you 漢字 & <b>"[:9] + "漢字 & <b>", marks=marks, speaker="Ana"),
        cue("縦", number=3, placement=Placement(vertical="top", writing="vertical-rl")),
    )
    first, second = _seen(chromium, WebVttWriter().write(styled, MEDIA).decode())
    assert first["text"] == "Hello, yo漢字かんじ & <b>"
    assert first["html"] == (
        '<span title="Ana"><i>Hel<b>lo</b></i><b>,<span class="yellow"> y</span></b>o'
        '<span class="look-1"><ruby>漢字<rt>かんじ</rt></ruby></span> &amp; &lt;b&gt;</span>'
    )
    assert (second["vertical"], second["align"]) == ("rl", "left")


def test_chromium_sees_what_it_saw_before(chromium: Browser) -> None:
    source = (
        "WEBVTT\n\nSTYLE\n::cue(.loud) { color: red }\n\nNOTE x\n\nREGION\nid:fred\nwidth:40%\n\n"
        "a\n00:00:01.000 --> 00:00:05.000 line:-3 position:20% size:60% align:start\n"
        "<v.first Bob><c.loud>One <i.x>two</i></c> <00:00:02.000><u>three</u></v>\n"
        "<lang fr>oui</lang> <ruby>b<rt>r</rt></ruby> &amp;&nbsp;&lrm;x\n"
    )
    found, repairs = WebVttReader().read(source.encode(), name="a.vtt", language="en")
    assert repairs == []
    written = WebVttWriter().write(found, MEDIA).decode()
    assert _seen(chromium, written) == _seen(chromium, source)


def test_ffmpeg_reads_cues_behind_styles_and_regions(tmp_path: Path) -> None:
    source = tmp_path / "in.vtt"
    styled = cue("ab", marks=(marked(0, 1, Feature.COLOR, "#123456ff"),))
    head = (
        b"WEBVTT\n\nREGION\nid:fred\nwidth:40%\n\n00:00:09.000 --> 00:00:10.000 region:fred\nlast\n"
    )
    found, _ = WebVttReader().read(head, name="a.vtt", language="en")
    written = WebVttWriter().write(track(styled, *found.cues, regions=found.regions), MEDIA)
    assert b"STYLE" in written
    assert b"REGION" in written
    source.write_bytes(written)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(source), "-f", "srt", "-"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert [line for line in done.stdout.decode().splitlines() if line in ("ab", "last")] == [
        "ab",
        "last",
    ]
