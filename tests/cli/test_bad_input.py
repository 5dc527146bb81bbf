"""Bad input: one clear sentence that names it, the right exit code, nothing half-written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from subkit.demo import model_directory, scene_file
from tests.rights import without_overrides

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.pipeline import Outcome

DEMO = ("--model", "demo", "--translator", "demo", "-q")
VIDEO = ("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=1", "-c:v", "mpeg4")


def _missing(_: Callable[..., Path], folder: Path) -> Path:
    return folder / "none.mkv"


def _directory(_: Callable[..., Path], folder: Path) -> Path:
    (folder / "season.mkv").mkdir()
    return folder / "season.mkv"


def _empty(_: Callable[..., Path], folder: Path) -> Path:
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


def _text(_: Callable[..., Path], folder: Path) -> Path:
    (folder / "script.mp4").write_text("INT. STATION, NIGHT\n" * 50)
    return folder / "script.mp4"


def _truncated(_: Callable[..., Path], folder: Path) -> Path:
    path = folder / "cut.mp4"
    path.write_bytes(scene_file().read_bytes()[:20_000])
    return path


def _no_audio(make: Callable[..., Path], _: Path) -> Path:
    return make("mute.mp4", *VIDEO)


def _silence(make: Callable[..., Path], _: Path) -> Path:
    return make("silence.wav", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "5")


def _no_duration(make: Callable[..., Path], _: Path) -> Path:
    return make("nothing.wav", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "0")


@pytest.mark.parametrize(
    "bad",
    [_missing, _directory, _empty, _text, _truncated, _no_audio, _silence, _no_duration],
    ids=lambda f: f.__name__,
)
def test_bad_media(
    bad: Callable[..., Path], media: Callable[..., Path], subkit: Callable[..., Any], tmp_path: Path
) -> None:
    path = bad(media, tmp_path)
    results = tmp_path / "results"
    results.mkdir()
    answer = subkit("run", path, "--to", "ko", "-o", results, *DEMO)
    assert answer.code == 3, answer.err
    assert answer.out == ""
    assert path.name in answer.err
    assert answer.err.count("\n") == 1
    assert not list(results.iterdir())


def test_the_error_is_json_where_json_is_asked_for(subkit: Callable[..., Any]) -> None:
    answer = subkit("run", "none.mkv", "--json", *DEMO)
    assert answer.code == 3
    error = answer.json()["error"]
    assert error["kind"] == "InputError"
    assert "none.mkv" in error["message"]
    assert error["remedy"]


def test_an_unreadable_file(subkit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.chdir("/")
        Path(folder).chmod(0o777)
        secret = Path(folder, "secret.mp4")
        secret.write_bytes(b"x")
        secret.chmod(0)
        with without_overrides():
            answer = subkit("run", secret, *DEMO)
        assert answer.code == 3, answer.err
        assert "secret.mp4" in answer.err
        assert [path.name for path in Path(folder).iterdir()] == ["secret.mp4"]


@pytest.mark.parametrize(
    "words",
    [
        ("run", "LOCKED/film.mp4", *DEMO),
        ("run", "film.mp4", "-o", "LOCKED/results", *DEMO),
        ("run", "film.mp4", "--model", "LOCKED/model"),
        ("run", "film.mp4", *DEMO, "--styles", "LOCKED/styles.toml"),
        ("run", "film.mp4", *DEMO, "--hotwords", "LOCKED/names.txt"),
        ("run", "film.mp4", *DEMO, "--config", "LOCKED/settings.toml"),
        ("demo", "-o", "LOCKED/demo"),
        ("dump", "LOCKED/film.subkit"),
        ("qc", "LOCKED/film.srt", "--language", "en"),
        ("spot", "LOCKED/words.json", "-o", "out.srt"),
        ("models", "list", "--models-folder", "LOCKED/models"),
        ("models", "path", "small", "--models-folder", "LOCKED/models"),
        ("models", "fetch", "small", "--models-folder", "LOCKED/models"),
        ("models", "verify", "LOCKED/model"),
        ("doctor", "--models-folder", "LOCKED/models"),
    ],
    ids=lambda words: " ".join(word for word in words[:4] if word not in DEMO),
)
def test_places_that_may_not_be_looked_into(
    words: tuple[str, ...], subkit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o777)
        locked = place / "locked"
        locked.mkdir(mode=0)
        (place / "film.mp4").write_bytes(b"x")
        monkeypatch.chdir(place)
        monkeypatch.setenv("SUBKIT_MODELS_FOLDER", str(place / "models"))
        with without_overrides():
            answer = subkit(*(word.replace("LOCKED", str(locked)) for word in words))
        assert answer.code in {1, 3}, answer.err
        assert "Traceback" not in answer.err
        assert "fault of subkit" not in answer.err
        assert str(locked) in answer.err
        locked.chmod(0o700)
        assert not list(locked.iterdir())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--to", "klingonese"), 2, "klingonese"),
        (("--to", "ko", "--language", "xx-nope"), 2, "xx-nope"),
        (("--to", "ko", "--profile", "netflx"), 2, "netflix"),
        (("--to", "fr"), 2, "fr"),
        (("-f", "sub9"), 2, "sub9"),
        (("--beam-size", "none"), 2, "--beam-size"),
        (("-o", "/dev/null/folder"), 3, "/dev/null/folder"),
    ],
)
def test_bad_wishes(
    words: tuple[str, ...], code: int, said: str, subkit: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "scene.mp4").write_bytes(scene_file().read_bytes())
    answer = subkit("run", "scene.mp4", *DEMO, *words)
    assert answer.code == code, answer.err
    assert said in answer.err
    assert {path.name for path in tmp_path.iterdir()} == {"scene.mp4"}


@pytest.mark.parametrize("flag", ["--model", "--translator"])
@pytest.mark.parametrize(
    ("value", "said"), [("larg-v3", "large-v3"), ("./no-such-dir", "no-such-dir")]
)
def test_unknown_models(
    flag: str, value: str, said: str, subkit: Callable[..., Any], tmp_path: Path
) -> None:
    words = ["--model", "demo", "--translator", "demo"]
    words[words.index(flag) + 1] = value
    answer = subkit("run", scene_file(), "--to", "ko", "-o", tmp_path, "-q", *words)
    assert answer.code in {2, 4}, answer.err
    assert said in answer.err or flag == "--translator"
    assert value.rsplit("/", 1)[-1] in answer.err
    assert not list(tmp_path.iterdir())


def test_without_model_and_network_it_stops_at_once_and_says_what_to_do(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    answer = subkit("run", scene_file(), "-o", tmp_path, "-q", "--model", "large-v3")
    assert answer.code == 4
    assert "subkit models fetch large-v3" in answer.err
    assert "--model" in answer.err
    assert not list(tmp_path.iterdir())


def test_model_directories_that_are_not_whole_or_of_another_kind(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(model_directory("recognizer"), broken)
    (broken / "tokenizer.json").unlink()
    truncated = tmp_path / "truncated"
    shutil.copytree(model_directory("recognizer"), truncated)
    weights = (truncated / "model.bin").read_bytes()
    (truncated / "model.bin").write_bytes(weights[: len(weights) // 2])
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "pytorch_model.bin").write_bytes(b"PK")
    (foreign / "config.json").write_text("{}")
    for directory in (broken, truncated, foreign, model_directory("translator")):
        answer = subkit("run", scene_file(), "-o", tmp_path, "-q", "--model", directory)
        assert answer.code in {1, 4}, (directory, answer.err)
        assert directory.name in answer.err
        assert "Traceback" not in answer.err
    assert not list(tmp_path.glob("scene.*"))


def test_a_corrupt_project(demo: Outcome, subkit: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "scene.subkit"
    shutil.copy(demo.path, path)
    data = bytearray(path.read_bytes())
    data[100 : len(data) // 2] = bytes(len(data) // 2 - 100)
    path.write_bytes(data)
    for words in (("dump", path), ("qc", path), ("run", scene_file(), "-o", tmp_path, *DEMO)):
        answer = subkit(*words)
        assert answer.code == 3, answer.err
        assert "scene.subkit" in answer.err
        assert "Traceback" not in answer.err
    assert path.read_bytes() == data


def test_a_project_that_another_process_writes(
    demo: Outcome, subkit: Callable[..., Any], tmp_path: Path
) -> None:
    shutil.copy(demo.path, tmp_path / "scene.subkit")
    code = (
        "import sys, pathlib\nfrom subkit.store import ProjectFile\n"
        "store = ProjectFile.open(pathlib.Path(sys.argv[1]))\n"
        "print('open', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "scene.subkit")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        answer = subkit("run", scene_file(), "--to", "ko", "-o", tmp_path, *DEMO)
        assert answer.code == 3
        assert "scene.subkit" in answer.err
        assert str(other.pid) in answer.err
        assert subkit("dump", tmp_path / "scene.subkit").code == 0
        assert other.stdin is not None
        other.stdin.close()
    assert subkit("run", scene_file(), "--to", "ko", "-o", tmp_path, *DEMO).code == 0


def test_turbo_does_not_translate(subkit: Callable[..., Any], tmp_path: Path) -> None:
    turbo = tmp_path / "large-v3-turbo"
    shutil.copytree(model_directory("recognizer"), turbo)
    (turbo / "subkit.json").unlink()  # else it is the demo model, which does not translate either
    answer = subkit(
        "run", scene_file(), "-o", tmp_path, "-q", "--model", turbo, "--task", "translate"
    )
    assert answer.code == 2, answer.err
    assert "turbo" in answer.err
    assert not list(tmp_path.glob("scene.*"))


def test_a_full_disk(demo: Outcome, tmp_path: Path) -> None:
    """The system refuses to write beyond a size: the message names the file, no part is left."""
    shutil.copy(demo.path, tmp_path / "scene.subkit")
    code = (
        "import resource, signal, sys\nfrom subkit_cli.main import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    words = ("export", str(tmp_path / "scene.subkit"), "-f", "srt")
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    assert ".srt" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"scene.subkit"}


def test_a_read_only_folder(demo: Outcome, subkit: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    folder.chmod(0o555)
    with without_overrides():
        answer = subkit("run", scene_file(), "-o", folder, *DEMO)
    assert answer.code == 3
    assert "shelf" in answer.err
    assert demo.path.exists()


def test_one_broken_file_never_stops_the_rest(
    speech: Path, subkit: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "bad.mp4").write_text("no film")
    words = ("run", tmp_path / "bad.mp4", speech, "none.mkv", "-o", tmp_path, *DEMO, "--json")
    answer = subkit(*words)
    assert answer.code == 7
    results = answer.json()["results"]
    assert [("error" in result) for result in results] == [True, False, True]
    assert "bad.mp4" in answer.err
    assert "none.mkv" in answer.err
    assert (tmp_path / "speech.en.srt").exists()


def test_settings_files_with_faults(subkit: Callable[..., Any], tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text("modell = 'demo'\nbeam_sise = 3\n")
    answer = subkit("run", scene_file(), "--config", config)
    assert answer.code == 3
    assert "'modell' (did you mean 'model'?)" in answer.err
    assert "'beam_sise' (did you mean 'beam_size'?)" in answer.err
    config.write_text("model = [")
    assert subkit("run", scene_file(), "--config", config).code == 3
    config.write_text("beam_size = 'wide'\n")
    answer = subkit("run", scene_file(), "--config", config)
    assert answer.code == 2
    assert "beam_size" in answer.err


@pytest.mark.parametrize(
    "words", ["[]", '{"words": 3}', '{"words": [{"text": "a"}]}', "{", '{"words": [[]]}']
)
def test_words_that_are_none(words: str, subkit: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "words.json").write_text(words)
    answer = subkit("spot", "words.json", "-o", "out.srt")
    assert answer.code == 3
    assert "words.json" in answer.err
    assert not (tmp_path / "out.srt").exists()


def test_no_command_and_unknown_commands(subkit: Callable[..., Any]) -> None:
    assert subkit().code == 2
    answer = subkit("trancribe", "film.mkv", "--json")
    assert answer.code == 2
    assert json.loads(answer.out)["error"]["kind"] == "PlanError"


def test_context_that_the_translator_does_not_read(subkit: Any, tmp_path: Path) -> None:
    words = ("run", scene_file(), "--to", "ko", "-o", tmp_path, *DEMO, "--context", "3", "--json")
    answer = subkit(*words)
    assert answer.code == 2
    assert "up to 2 sentences before each, not 3" in answer.json()["error"]["message"]
    assert not list(tmp_path.iterdir())
