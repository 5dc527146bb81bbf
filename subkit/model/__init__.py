"""The document: values only, standard library only."""

from subkit.model.content_digest import canonical, digest
from subkit.model.document import (
    SCHEMA,
    Alternative,
    Cue,
    Origin,
    Project,
    Provenance,
    Purpose,
    Track,
    Transcript,
    Window,
)
from subkit.model.heard_words import Speaker, SpeakerTurn, Unheard, Word
from subkit.model.media_facts import SOUND_ONLY_RATE, AudioStream, Media, SoundFault
from subkit.model.plain import (
    from_plain,
    to_plain,
)
from subkit.model.review_marks import Approval, Comment, Omission, Review, ReviewState, SignOff
from subkit.model.style import (
    Finding,
    Profile,
    Quantity,
    RuleSource,
    Severity,
    ShotRules,
    TextRules,
)
from subkit.model.styling import (
    Area,
    Carried,
    Cell,
    Fade,
    Feature,
    Mark,
    NamedStyle,
    Placement,
    Region,
)
from subkit.model.time import (
    FrameRate,
    Rounding,
    Span,
    seconds,
)
from subkit.model.title_terms import Address, Term, TermKind

__all__ = [
    "SCHEMA",
    "SOUND_ONLY_RATE",
    "Address",
    "Alternative",
    "Approval",
    "Area",
    "AudioStream",
    "Carried",
    "Cell",
    "Comment",
    "Cue",
    "Fade",
    "Feature",
    "Finding",
    "FrameRate",
    "Mark",
    "Media",
    "NamedStyle",
    "Omission",
    "Origin",
    "Placement",
    "Profile",
    "Project",
    "Provenance",
    "Purpose",
    "Quantity",
    "Region",
    "Review",
    "ReviewState",
    "Rounding",
    "RuleSource",
    "Severity",
    "ShotRules",
    "SignOff",
    "SoundFault",
    "Span",
    "Speaker",
    "SpeakerTurn",
    "Term",
    "TermKind",
    "TextRules",
    "Track",
    "Transcript",
    "Unheard",
    "Window",
    "Word",
    "canonical",
    "digest",
    "from_plain",
    "seconds",
    "to_plain",
]
