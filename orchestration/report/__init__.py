"""The report of one publication: a self-contained HTML file of figures, each with its table and its definition.

It knows no Dagster and derives nothing: every number is selected or counted from published tables. `contents` says what
a figure is made of, `figures` has a module for each, `drawing` turns charts into SVG, `page` writes the HTML, `file`
puts it in its place. Importing it imports the charting library, so commands and assets do that inside functions.
"""

from orchestration.report.file import Written, report_holds_for, write_report

__all__ = ["Written", "report_holds_for", "write_report"]
