"""Files of others as text, CSV tables and XML: read within bounds, with what was repaired."""

from subkit.files.csv_tables import TableRow, read_rows, write_rows
from subkit.files.plain_text import Repairs, decode, read_small_file, split_lines

__all__ = [
    "Repairs",
    "TableRow",
    "decode",
    "read_rows",
    "read_small_file",
    "split_lines",
    "write_rows",
]
