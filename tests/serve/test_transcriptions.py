"""What OpenAI's clients ask for, over a real socket, with the demo recogniser."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import subkit
from subkit.engines import find_model
from tests.serve.conftest import TOKEN, Serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

ADDRESS = "/v1/audio/transcriptions"


def ask(server: Serving, clip: bytes, name: str = "clip.wav", **fields: str) -> httpx.Response:
    return server.client.post(ADDRESS, files={"file": (name, clip)}, data=fields)


def test_json_is_what_the_library_hears_and_says_that_machines_made_it(
    server: Serving, clip: bytes, speech: Path, tmp_path: Path
) -> None:
    answer = ask(server, clip)
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-subkit-machine-made"] == "unreviewed"
    told = answer.json()
    assert told["subkit"]["machine_made"]
    assert not told["subkit"]["reviewed"]
    assert told["subkit"]["model"] == "demo"
    options = subkit.RunOptions(model="demo", offline=True)
    heard = subkit.transcribe(
        speech, project=tmp_path / "clip.subkit", options=options, progress=False
    )
    assert told["text"].split() == [word.text for word in heard.words]


def test_subtitles_and_plain_text_come_as_files(server: Serving, clip: bytes) -> None:
    plain = ask(server, clip, response_format="text").text.strip()
    srt = ask(server, clip, response_format="srt")
    assert "-->" in srt.text
    assert srt.text.startswith("1\n00:00:")
    assert plain.split()[0] in srt.text
    vtt = ask(server, clip, response_format="vtt")
    assert vtt.text.startswith("WEBVTT")
    assert vtt.headers["content-type"].startswith("text/vtt")


def test_verbose_json_has_what_the_granularities_ask_for(server: Serving, clip: bytes) -> None:
    def verbose(*grains: str) -> dict[str, Any]:
        data = {"response_format": "verbose_json", "timestamp_granularities[]": list(grains)}
        answer = server.client.post(ADDRESS, files={"file": ("a.wav", clip)}, data=data)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    words = verbose("word")
    assert "segments" not in words
    assert words["language"] == "english"
    assert words["duration"] == pytest.approx(16, abs=0.1)
    times = [(word["start"], word["end"]) for word in words["words"]]
    assert times == sorted(times)
    both = verbose("word", "segment")
    assert both["words"] == words["words"]
    assert " ".join(s["text"] for s in both["segments"]).split()[0] == words["words"][0]["word"]


def test_text_is_streamed_as_server_sent_events(server: Serving, clip: bytes) -> None:
    answer = ask(server, clip, stream="true")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [line for line in answer.text.split("\n\n") if line.startswith("data: ")]
    assert '"transcript.text.delta"' in events[0]
    assert '"transcript.text.done"' in events[-1]
    assert '"machine_made": true' in events[-1]


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"response_format": "docx"}, 400, "response_format"),
        ({"model": "gpt-nothing"}, 404, "model"),
        ({"language": "klingonish"}, 400, "language"),
        ({"temperature": "7"}, 400, "temperature"),
        ({"temperature": "nan"}, 400, "temperature"),
        ({"stream": "perhaps"}, 400, "stream"),
        ({"logprobs": "1"}, 400, "logprobs"),
        ({"stream": "true", "response_format": "srt"}, 400, "stream"),
        ({"timestamp_granularities[]": "word"}, 400, "timestamp_granularities"),
    ],
)
def test_what_is_not_served_is_refused_by_name(
    server: Serving, clip: bytes, fields: dict[str, str], status: int, field: str
) -> None:
    answer = ask(server, clip, **fields)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["param"] == field


def test_nobody_is_let_in_without_a_token(server: Serving, clip: bytes) -> None:
    def status(**headers: str) -> int:
        return httpx.get(f"{server.url}/v1/models", headers=headers).status_code

    basic = base64.b64encode(f"bazarr:{TOKEN}".encode()).decode()
    assert status() == 401
    assert status(authorization="Bearer wrong-wrong-wrong-wrong") == 401
    assert status(authorization="Basic %%%") == 401
    assert status(authorization=f"Bearer {TOKEN}") == 200
    assert status(authorization=f"Basic {basic}") == 200


def test_without_a_token_no_page_of_another_site_may_ask(
    make_server: Callable[..., AbstractContextManager[Serving]],
) -> None:
    with make_server(tokens=()) as server:
        get = server.client.get
        assert get("/v1/models").status_code == 200
        assert get("/v1/models", headers={"origin": "https://example.org"}).status_code == 403
        assert get("/v1/models", headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert get("/v1/models", headers={"host": f"evil.example:{server.port}"}).status_code == 403


def test_other_machines_need_a_token() -> None:
    from subkit.serve import ServeOptions

    with pytest.raises(subkit.PlanError, match="there is no token"):
        ServeOptions(host="0.0.0.0")
    with pytest.raises(subkit.PlanError, match="at least 16"):
        ServeOptions(tokens=("short",))


def test_openai_python_reads_all_of_it(server: Serving, clip: bytes) -> None:
    openai = pytest.importorskip("openai")
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=TOKEN, max_retries=0) as client:
        make = client.audio.transcriptions.create
        file = ("clip.wav", clip)
        made = make(model="whisper-1", file=file)
        assert made.text
        assert make(model="whisper-1", file=file, response_format="srt").startswith("1\n")
        verbose = make(
            model="whisper-1",
            file=file,
            response_format="verbose_json",
            timestamp_granularities=["word", "segment"],
        )
        assert verbose.words[0].word
        assert verbose.segments[0].end > 0
        events = list(make(model="whisper-1", file=file, stream=True))
        assert events[-1].type == "transcript.text.done"
        assert events[-1].text == made.text
        assert [model.id for model in client.models.list()] == ["demo", "whisper-1"]
        with pytest.raises(openai.BadRequestError, match="response_format"):
            make(model="whisper-1", file=file, response_format="docx")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_curl_gets_a_subtitle(server: Serving, speech: Path) -> None:
    command = ["curl", "-sS", "-H", f"Authorization: Bearer {TOKEN}", "-F", f"file=@{speech}"]
    command += ["-F", "response_format=srt", server.url + ADDRESS]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert b"-->" in done.stdout


def test_bazarr_sends_bare_samples_and_gets_a_subtitle(server: Serving, clip: bytes) -> None:
    samples = clip[clip.index(b"data") + 8 :]
    query = {"task": "transcribe", "language": "en", "output": "srt", "encode": "false"}
    files = {"audio_file": samples}
    answer = server.client.post(
        "/asr", params={**query, "video_file": "/tv/Üx – 1.mkv"}, files=files
    )
    assert answer.status_code == 200, answer.text
    assert answer.text.startswith("1\n00:00:")
    found = server.client.post("/detect-language", params={"encode": "false"}, files=files)
    assert found.status_code == 200, found.text
    assert found.json()["language_code"] == "en"
    assert found.json()["detected_language"] == "english"
    assert 0 < found.json()["confidence"] <= 1


def test_silence_is_an_empty_answer(server: Serving) -> None:
    answer = server.client.post(
        "/asr",
        params={"output": "srt", "encode": "false"},
        files={"audio_file": bytes(32_000 * 3)},
    )
    assert (answer.status_code, answer.text) == (200, "")


def test_a_project_is_kept_for_review_with_its_media(
    make_server: Callable[..., AbstractContextManager[Serving]], clip: bytes, tmp_path: Path
) -> None:
    with make_server(keep=tmp_path / "kept") as server:
        answer = ask(server, clip, name="../../-scene %d\n.wav", response_format="srt")
        assert answer.status_code == 200, answer.text
        kept = tmp_path / "kept" / answer.headers["x-subkit-project"]
        project = subkit.load(kept)
        assert project.tracks[0].cues
        assert (kept.parent / "scene_d_0A.wav").read_bytes() == clip
        assert project.media.path == str(kept.parent / "scene_d_0A.wav")
        detect = server.client.post("/detect-language", files={"audio_file": ("a.wav", clip)})
        assert detect.json()["language_code"] == "en"
        assert ask(server, b"RIFF no sound at all").status_code == 400
        assert len(list((tmp_path / "kept").iterdir())) == 1


def test_the_openapi_document_is_valid_and_lists_what_is_served(server: Serving) -> None:
    document = server.client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, methods in document["paths"].items():
        for method in methods:
            status = server.client.request(method, path.replace("{name}", "demo")).status_code
            assert status in {200, 415}, path
    form = document["paths"]["/v1/audio/transcriptions"]["post"]["requestBody"]["content"]
    fields = form["multipart/form-data"]["schema"]["properties"]
    assert fields["response_format"]["enum"] == ["json", "text", "srt", "verbose_json", "vtt"]
    assert "language" in fields
    assert server.client.get("/status").json()["model"] == "demo"


@pytest.mark.models
def test_whisper_base_hears_real_speech(
    make_server: Callable[..., AbstractContextManager[Serving]], tmp_path: Path
) -> None:
    clip = Path(__file__).parents[3] / "shared" / "cases" / "speech" / "jfk.flac"
    if not clip.exists():
        pytest.skip("the recording is not here")
    try:
        find_model("base", "recognizer", models_folder=tmp_path, offline=True)
    except subkit.ModelNotFound:
        pytest.skip("Whisper base is not here")
    with make_server(
        run=subkit.RunOptions(model="base", models_folder=tmp_path, offline=True)
    ) as server:
        told = ask(server, clip.read_bytes(), response_format="verbose_json").json()
    assert "ask not what your country can do for you" in told["text"]
    assert told["subkit"]["model"] == "base"
