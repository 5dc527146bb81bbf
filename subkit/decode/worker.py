"""The engine's worker process: decodes what it is sent, and ends with its parent.

Run by :mod:`subkit.decode.process`; standard input and output carry the messages of
:mod:`subkit.decode.messages`.
"""

from __future__ import annotations

import os
import queue
import threading
from typing import TYPE_CHECKING, Any

from subkit.decode.messages import (
    SharedAudio,
    error_to_plain,
    read_message,
    texts_from_plain,
    titles_from_plain,
    write_message,
)
from subkit.decode.options import RecognitionOptions
from subkit.decode.recognizer import WhisperRecognizer
from subkit.errors import SubkitError
from subkit.interfaces import ModelFacts
from subkit.model import from_plain, to_plain

if TYPE_CHECKING:
    from subkit.decode.window_language import Verdict
    from subkit.interfaces import WindowResult

__all__ = ["main"]


def main() -> None:
    """Serve until the parent is gone."""
    answers = os.dup(1)
    # What libraries print must not get between the messages.
    os.dup2(2, 1)
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    try:
        _serve(requests, answers)
    except BrokenPipeError:
        os._exit(0)


def _listen(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Pass requests on; when the parent is gone, so are we, whatever is being decoded."""
    while True:
        message = read_message(0)
        if message is None:
            os._exit(0)
        requests.put(message)


def _serve(requests: queue.SimpleQueue[dict[str, Any]], answers: int) -> None:
    import ctranslate2

    first = requests.get()
    audio = SharedAudio(first["audio"])
    # Before the first number is drawn: what is sampled is the same from run to run.
    ctranslate2.set_random_seed(0)
    try:
        recognizer = WhisperRecognizer(
            from_plain(ModelFacts, first["model"]),
            from_plain(RecognitionOptions, first["options"]),
        )
    except SubkitError as error:
        write_message(answers, {"error": error_to_plain(error)})
        return
    write_message(answers, {"ready": recognizer.mode})
    while True:
        _answer(recognizer, audio, requests.get(), answers)


def _answer(
    recognizer: WhisperRecognizer, audio: SharedAudio, request: dict[str, Any], answers: int
) -> None:
    """Align the texts of a request, or decode its titles; each result is sent at once."""

    def settled(verdicts: list[list[Verdict]]) -> None:
        write_message(answers, {"settled": to_plain(verdicts)})

    def finished(title: int, index: int, result: WindowResult) -> None:
        write_message(answers, {"done": [title, index, to_plain(result)]})

    try:
        if "texts" in request:
            aligned = recognizer.align(texts_from_plain(request["texts"], audio))
            write_message(answers, {"aligned": to_plain(aligned)})
            return
        titles = titles_from_plain(request["titles"], audio)
        recognizer.recognize_titles(titles, settled=settled, finished=finished)
    except SubkitError as error:
        write_message(answers, {"error": error_to_plain(error)})
    else:
        write_message(answers, {"end": to_plain(recognizer.counts)})


if __name__ == "__main__":
    main()
