"""How the command line, the environment and TOML say what is listened to."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import pytest

from subkit.decode import WindowOptions
from subkit.errors import FormatError, PlanError
from subkit_cli.main import main
from subkit_cli.run_settings import RECOGNITION_KEYS, options_from
from subkit_cli.setting_values import RefusedValue, channel_of
from subkit_cli.settings import SETTINGS, add_settings, gather

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = {
    "vad_threshold": "--vad-threshold",
    "vad_min_silence": "--vad-min-silence",
    "vad_pad": "--vad-pad",
    "second_opinion": "--second-opinion",
    "second_opinion_threshold": "--second-opinion-threshold",
}
FIELDS = {
    "vad_threshold": "threshold",
    "vad_min_silence": "min_silence_seconds",
    "vad_pad": "pad_seconds",
    "second_opinion": "second_opinion",
    "second_opinion_threshold": "second_opinion_threshold",
}
RIGHT: list[tuple[str, str, Any]] = [
    ("vad_threshold", "0.5", 0.5),
    ("vad_threshold", "1", 1.0),
    ("vad_min_silence", "0.1", 0.1),
    ("vad_pad", "0", 0.0),
    ("vad_pad", "7.5", 7.5),
    ("second_opinion", "no", False),
    ("second_opinion", "yes", True),
    ("second_opinion_threshold", "0", 0.0),
]


def given(*words: str, environment: dict[str, str] | None = None, config: Any = None) -> Any:
    parser = argparse.ArgumentParser()
    add_settings(parser, RECOGNITION_KEYS)
    return gather(parser.parse_args(words), environment or {}, config)


@pytest.mark.parametrize(("key", "text", "value"), RIGHT)
def test_flags_environment_and_toml_say_the_same(
    tmp_path: Path, key: str, text: str, value: Any
) -> None:
    config = tmp_path / "subkit.toml"
    config.write_text(f"{key} = {str(value).lower()}\n")
    for settings in (
        given(FLAGS[key], text),
        given(environment={f"SUBKIT_{key.upper()}": text}),
        given(config=config),
    ):
        assert settings == {key: value}
        assert getattr(options_from(settings).window, FIELDS[key]) == value


def test_what_is_not_given_stays_as_the_library_has_it() -> None:
    assert options_from(given()).window == WindowOptions()


@pytest.mark.parametrize(
    ("key", "text", "takes"),
    [
        ("vad_threshold", "0", "a number from 0.01 to 1"),
        ("vad_threshold", "1.01", "a number from 0.01 to 1"),
        ("vad_threshold", "nan", "a number from 0.01 to 1"),
        ("vad_threshold", "loud", "a number from 0.01 to 1"),
        ("vad_threshold", "", "a number from 0.01 to 1"),
        ("vad_min_silence", "0.05", "a number from 0.1 to 15"),
        ("vad_min_silence", "16", "a number from 0.1 to 15"),
        ("vad_pad", "-0.1", "a number from 0 to 7.5"),
        ("vad_pad", "inf", "a number from 0 to 7.5"),
        ("second_opinion", "maybe", "yes or no"),
        ("second_opinion_threshold", "1.5", "a number from 0 to 1"),
    ],
)
def test_what_is_none_is_refused_with_what_is_taken(key: str, text: str, takes: str) -> None:
    with pytest.raises(PlanError, match=f"{FLAGS[key]}: it takes {takes}") as caught:
        given(f"{FLAGS[key]}={text}")
    assert "What it does" in caught.value.remedy


@pytest.mark.parametrize("value", ["true", '"many"', "[0.5]", "{ a = 1 }"])
def test_toml_of_another_kind_is_refused(tmp_path: Path, value: str) -> None:
    config = tmp_path / "subkit.toml"
    config.write_text(f"vad_threshold = {value}\n")
    with pytest.raises(PlanError, match="not a value for vad_threshold in"):
        given(config=config)


def test_toml_with_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "subkit.toml"
    config.write_text("vad_threshold = 1e400\n")
    with pytest.raises(FormatError, match="too large, or none, at vad_threshold"):
        given(config=config)


@pytest.mark.parametrize("command", ["run", "transcribe"])
def test_the_commands_refuse_it_in_one_sentence(
    command: str, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(speech), "--vad-threshold", "2", "-q"]) == 2
    (line, *_) = capsys.readouterr().err.splitlines()
    assert "'2' is not a value for --vad-threshold" in line


def test_a_margin_that_the_model_has_no_room_for_is_refused_before_any_work(
    tmp_path: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The demo model's windows are 10 s: of them a margin takes a quarter at most."""
    project = tmp_path / "film.subkit"
    words = ["transcribe", str(speech), "-o", str(project), "--model", "demo", "-q"]
    assert main([*words, "--vad-pad", "7"]) == 2
    error = capsys.readouterr().err
    assert "pad_seconds" in error
    assert "2.5" in error
    assert "Traceback" not in error


@pytest.mark.parametrize("key", ["vad_threshold", "second_opinion_threshold"])
def test_help_names_the_default_that_holds(key: str) -> None:
    default = getattr(WindowOptions(), FIELDS[key])
    assert SETTINGS[key].help.endswith(f"(default: {default:g})")


@pytest.mark.parametrize(("given", "channel"), [("left", "left"), ("0", 0), ("5", 5), (2, 2)])
def test_a_channel_is_named_or_numbered(given: object, channel: object) -> None:
    assert options_from({"dialogue_channel": channel_of(given)}).audio.channel == channel


@pytest.mark.parametrize("given", ["centre", "-1", "1.5", True])
def test_what_is_no_channel_is_refused(given: object) -> None:
    with pytest.raises(RefusedValue, match=r"a channel's number, auto, center|whole number"):
        channel_of(given)
