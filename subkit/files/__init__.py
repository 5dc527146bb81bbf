"""Files of others as text, TOML, JSON, CSV tables and XML: read within bounds, and repaired."""

from subkit.files.csv_tables import TableRow, read_rows, write_rows
from subkit.files.data_files import parse_json, parse_toml
from subkit.files.plain_text import Repairs, decode, read_small_file, split_lines

__all__ = [
    "Repairs",
    "TableRow",
    "decode",
    "parse_json",
    "parse_toml",
    "read_rows",
    "read_small_file",
    "split_lines",
    "write_rows",
]
