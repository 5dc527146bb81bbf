"""The voice consent register: which uses of a voice are permitted, and which were made.

Without a grant that covers a use in every respect, a cloned voice may not be used. A guide track
by a synthesiser such as espeak clones nobody and needs no consent.
"""

from subkit.compliance.consent.decision import Decision, permits, permits_recognition
from subkit.compliance.consent.grants import (
    Grant,
    VoicePurpose,
    VoiceRequest,
    Withdrawal,
    read_grant,
    recording_digest,
)
from subkit.compliance.consent.records import Register
from subkit.compliance.consent.register import (
    add_grant,
    load_register,
    record_use,
    withdraw_grant,
)

__all__ = [
    "Decision",
    "Grant",
    "Register",
    "VoicePurpose",
    "VoiceRequest",
    "Withdrawal",
    "add_grant",
    "load_register",
    "permits",
    "permits_recognition",
    "read_grant",
    "record_use",
    "recording_digest",
    "withdraw_grant",
]
