"""Captions of line 21 (CEA-608), shared by the formats that carry them.

``line21`` knows the byte pairs, ``line21_letters`` the letters, ``caption_machine`` what a decoder
shows while pairs arrive, ``caption_cues`` makes cues of it. The other way round, ``caption_rows``
lays a cue out and ``caption_schedule`` finds a frame for each pair.
"""

__all__: list[str] = []
