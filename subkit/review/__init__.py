"""Reviewing a project in a browser: a session over the project file, its HTTP API, and its page.

The contract is ``docs/review_api.md``. Handlers are plain functions from a request to an answer;
only :mod:`subkit.review.api.app` knows the web framework, only :mod:`subkit.review.session`
writes.
"""

from subkit.review.proxies import KINDS, lacking_encoders
from subkit.review.review_options import ReviewOptions
from subkit.review.server import serve

__all__ = ["KINDS", "ReviewOptions", "lacking_encoders", "serve"]
