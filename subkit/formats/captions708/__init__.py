"""Digital captions (CEA-708) and the packets that carry them beside those of line 21.

``caption_packets`` reads and makes caption distribution packets (SMPTE ST 334-2),
``service_windows`` is a decoder of one caption service, ``service_codes`` writes cues for one.
"""

__all__: list[str] = []
