"""Charts of an evaluation as SVG: bars of shares, and histograms; coloured by the page's classes.

Everything that stands in them is numbers and this program's own words, escaped all the same.
"""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH = 520
_LABEL, _ROW, _BAR = 160, 28, 16
_PLOT_HEIGHT, _BINS = 150, 20
_LEFT, _FOOT = 34, 24
_SPAN = WIDTH - _LEFT - 10


def draw_shares(values: Mapping[str, tuple[float | None, str]]) -> str:
    """Return bars from 0 to 1, one a row; each name has its value (None: "-") and its class."""
    span = WIDTH - _LABEL - 60
    rows = []
    for row, (name, (value, kind)) in enumerate(values.items()):
        top = row * _ROW
        shown = "-" if value is None else f"{value:.3f}"
        middle = top + _ROW / 2 + 4
        end = _LABEL + span * min(max(value or 0, 0), 1)
        rows.append(
            _write_text(_LABEL - 8, middle, name, "end")
            + _draw_bar(_LABEL, top + 5, span, _BAR, "rail")
            + _draw_bar(_LABEL, top + 5, end - _LABEL, _BAR, kind, f"{name} {shown}")
            + _write_text(WIDTH - 52, middle, shown, "start")
        )
    told = ", ".join(f"{name} {value}" for name, (value, _) in values.items())
    return _wrap(len(values) * _ROW, told, "".join(rows))


def draw_histogram(
    series: Mapping[str, Sequence[float]],
    *,
    limits: tuple[float, float],
    unit: str = "",
    marks: Mapping[str, float] | None = None,
) -> str:
    """Return a histogram from the first of `limits` to the second, its series stacked.

    The names of the series are the classes of their bars; `marks` are upright lines with names.
    """
    low, high = limits
    high = high if high > low else low + 1
    counts = {name: _count(values, low, high) for name, values in series.items()}
    tallest = max((sum(column) for column in zip(*counts.values(), strict=True)), default=0) or 1
    parts = _stack_bars(counts, tallest, low, (high - low) / _BINS, unit)
    for name, value in (marks or {}).items():
        place = _LEFT + _SPAN * min(max((value - low) / (high - low), 0), 1)
        parts.append(f'<path class="mark" d="M{place:.1f} 12V{_PLOT_HEIGHT}"/>')
        anchor = "end" if place > WIDTH / 2 else "start"
        parts.append(_write_text(place, 10, f"{name} {_tell(value)}{unit}", anchor))
    parts.append(f'<path class="axis" d="M{_LEFT} {_PLOT_HEIGHT}h{_SPAN}"/>')
    parts.append(_write_text(_LEFT - 6, 24, str(tallest), "end"))
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        told = f"{_tell(low + (high - low) * share)}{unit}"
        parts.append(_write_text(_LEFT + _SPAN * share, _PLOT_HEIGHT + 18, told, anchor))
    told = "; ".join(f"{name}: {len(values)} questions" for name, values in series.items())
    return _wrap(_PLOT_HEIGHT + _FOOT, told, "".join(parts))


def _stack_bars(
    counts: Mapping[str, Sequence[int]], tallest: int, low: float, step: float, unit: str
) -> list[str]:
    """Return the bars of a histogram, those of one bin on top of each other."""
    width = _SPAN / _BINS
    bars = []
    for column in range(_BINS):
        bottom = float(_PLOT_HEIGHT)
        for name, numbers in counts.items():
            tall = (_PLOT_HEIGHT - 20) * numbers[column] / tallest
            bottom -= tall
            told = f"{name}: {numbers[column]} from {_tell(low + step * column)}{unit}"
            if tall:
                bars.append(
                    _draw_bar(_LEFT + column * width + 1, bottom, width - 2, tall, name, told)
                )
    return bars


def _count(values: Sequence[float], low: float, high: float) -> list[int]:
    """Return how many values are in each bin; what is outside counts with the bin at that end."""
    numbers = [0] * _BINS
    for value in values:
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        numbers[min(int(share * _BINS), _BINS - 1)] += 1
    return numbers


def _tell(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _draw_bar(
    left: float, top: float, width: float, height: float, kind: str, told: str = ""
) -> str:
    title = f"<title>{escape(told)}</title>" if told else ""
    return (
        f'<rect class="{escape(kind.replace(" ", "-"))}" x="{left:.1f}" y="{top:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}">{title}</rect>'
    )


def _write_text(left: float, top: float, text: str, anchor: str) -> str:
    return f'<text x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _wrap(height: float, told: str, body: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(told)}">'
        f"{body}</svg>"
    )
