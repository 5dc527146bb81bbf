"""The EBU subtitling data exchange format (Tech 3264): blocks, code tables, rows of text.

``stl_letters`` holds the code tables, ``stl_blocks`` the head and the text blocks, ``stl_times``
and ``stl_places`` what their fields mean; ``stl_rows`` reads the codes of a text field,
``stl_fields`` writes them.
"""

__all__: list[str] = []
