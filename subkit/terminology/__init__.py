"""Terminology: what things are called, and how people address each other.

Pure functions over :class:`subkit.model.Term` and :class:`subkit.model.Address`; files are read in
:mod:`subkit.formats`, a translator is held to them in :mod:`subkit.translation`.
"""

from subkit.terminology.addressing import (
    Flip,
    People,
    expected_address,
    flips,
    idle_entries,
    other_terms,
    scenes,
    spoken_levels,
)
from subkit.terminology.culture import CULTURE_LANGUAGES, cultural_terms
from subkit.terminology.faults import Fault, check_terms
from subkit.terminology.glossary import Demand, Glossary, Use, terms_for
from subkit.terminology.korean import (
    Ending,
    attach_particle,
    correct_particle,
    correct_particles,
    ending_of,
    resolve_particles,
)
from subkit.terminology.learning import Proposal, learn_terms
from subkit.terminology.level_readings import Reading, classify, read_levels
from subkit.terminology.levels import (
    Fit,
    family_of,
    fit,
    level_named,
    level_title,
    levels_of,
    register_languages,
)
from subkit.terminology.matching import Form, FormIndex, Found, longest
from subkit.terminology.term_preferences import glossary_preference, register_preference

__all__ = [
    "CULTURE_LANGUAGES",
    "Demand",
    "Ending",
    "Fault",
    "Fit",
    "Flip",
    "Form",
    "FormIndex",
    "Found",
    "Glossary",
    "People",
    "Proposal",
    "Reading",
    "Use",
    "attach_particle",
    "check_terms",
    "classify",
    "correct_particle",
    "correct_particles",
    "cultural_terms",
    "ending_of",
    "expected_address",
    "family_of",
    "fit",
    "flips",
    "glossary_preference",
    "idle_entries",
    "learn_terms",
    "level_named",
    "level_title",
    "levels_of",
    "longest",
    "other_terms",
    "read_levels",
    "register_languages",
    "register_preference",
    "resolve_particles",
    "scenes",
    "spoken_levels",
    "terms_for",
]
