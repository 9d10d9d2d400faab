"""Growth: seconds and memory over the number of subjects, on one picture, for docs/performance.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.bench.measuring import Measurement

# Okabe and Ito's colours, which colour-blind people tell apart; and a mark of its own for each line.
STYLES = (
    ("#0072B2", "o"), ("#E69F00", "s"), ("#009E73", "^"), ("#CC79A7", "D"), ("#56B4E9", "v"), ("#D55E00", "P"),
    ("#000000", "X"),
)  # fmt: skip


def draw_growth(found: Mapping[int, Mapping[str, Measurement]], file: Path) -> None:
    """`found` holds the measurements by name, by number of subjects. Both axes are logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    mpl.rcParams["svg.hashsalt"] = "mrbs"
    subjects = sorted(found)
    figure, (time_axes, memory_axes) = pyplot.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    for (colour, mark), name in zip(STYLES, found[subjects[0]], strict=True):
        walls = [found[number][name].wall for number in subjects]
        peaks = [found[number][name].peak_mib for number in subjects]
        time_axes.plot(subjects, walls, color=colour, marker=mark, label=name)
        memory_axes.plot(subjects, peaks, color=colour, marker=mark)
    time_axes.set(title="Wall seconds", xlabel="subjects", xscale="log", yscale="log")
    memory_axes.set(title="Peak memory, MiB", xlabel="subjects", xscale="log", yscale="log")
    for axes, ticks in ((time_axes, (2, 5, 10, 20, 50, 100, 200)), (memory_axes, (128, 256, 512, 1024, 2048, 4096))):
        axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
        axes.set_xticks(subjects, [f"{number:,}" for number in subjects])
        axes.minorticks_off()
        axes.grid(visible=True, which="major", alpha=0.3)
    memory_axes.axhline(4096, color="black", linestyle="--", linewidth=1)
    memory_axes.annotate("4 GiB", (subjects[0], 4096), textcoords="offset points", xytext=(0, -12))
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(file, metadata={"Date": None})
