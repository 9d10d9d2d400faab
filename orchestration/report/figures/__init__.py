"""The figures of the report, in their order. A new one is a module with `figure(published)`, named here.

Each selects or counts from published tables, draws, and gives its table and its definition. None derives anything: what
a visit, a response or an event is, stands in the tables; limits come from the published protocol parameters.
"""

from typing import Protocol

from orchestration.report.contents import Figure
from orchestration.report.figures import (
    components,
    data_quality,
    disposition,
    enrolment,
    exposure,
    failures,
    groups,
    pending,
    response,
    sensitivity,
    site_indicators,
    swimmer,
    waterfall,
)
from orchestration.report.published import Published


class FigureModule(Protocol):
    """What a module of a figure offers."""

    __name__: str

    def figure(self, published: Published) -> Figure: ...


FIGURES: tuple[FigureModule, ...] = (
    disposition,
    enrolment,
    response,
    components,
    failures,
    sensitivity,
    pending,
    swimmer,
    waterfall,
    exposure,
    groups,
    data_quality,
    site_indicators,
)
