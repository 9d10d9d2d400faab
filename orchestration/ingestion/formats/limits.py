"""How much a file may hold before it is taken for damaged or hostile, with the reason for every figure.

No limit is near what a site of this trial delivers; each is below what would stop the night for all others.
"""

from __future__ import annotations

# The longest text an electronic case report form takes is 64 kB (a REDCap note); a megabyte is a file gone astray.
CELL_BYTES = 1_000_000
# What a worksheet can have, and three times the largest REDCap projects.
COLUMNS = 16_384
# Read in pieces, a record must fit into memory whole: sixty of the longest values, or a quote that is never closed.
RECORD_BYTES = 64 * 1024**2
# A worksheet's reader allots every cell between the first and the last used one: 24 bytes each before Python sees them.
SHEET_CELLS = 25_000_000
# Rows times columns of a compressed table: the same text frame in memory takes 16 bytes a cell or more.
TABLE_CELLS = 200_000_000
# A workbook is unpacked in memory. Workbooks of real data shrink by 5 to 20, deflate at most by 1,032.
WORKBOOK_UNPACKED = 512 * 1024**2
PACKED_RATIO = 200
PACKED_RATIO_FROM = 10 * 1024**2  # smaller parts do no harm, and a sheet of blanks may well shrink that much
WORKBOOK_PARTS = 10_000
# JSON is parsed as a whole and takes some ten times its size; the line form (NDJSON) has no such limit but per line.
JSON_BYTES = 256 * 1024**2
# ODM nests ten deep; vendors' extensions a few more.
XML_DEPTH = 64
# One form of one subject at one visit; a thousand questions are many.
ODM_ITEMS_PER_FORM = 100_000
