"""Transcription and translation over HTTP, as clients of OpenAI's API and of Bazarr ask for it.

``docs/serve.md`` says what is served. Bodies go to scratch before anything reads them, one thread
holds the models and works through the queue, and only :mod:`subkit.serve.speech_app` and the
modules that it routes to know the web framework.
"""

from subkit.serve.serve_options import ServeOptions
from subkit.serve.speech_server import serve_speech

__all__ = ["ServeOptions", "serve_speech"]
