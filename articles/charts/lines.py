"""Counts over time as lines: a scale of round numbers, where each point stands, and labels that don't overlap.

Across, places are in percent, so that a drawing is as wide as its page; up and down they are in pixels. Values in,
values out: must not know how things look.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 260
# Above the highest number there is room for a flag, below the zero for half a marker.
ABOVE, BELOW = 26, 8
# Lines across the drawing, and pixels that a label takes.
MOST_RULES = 4
LABEL = 19
# The path's own units across: a thousandth of the drawing.
ACROSS = 1000
# A point is marked where so many fit; of more, some.
MOST_MARKED = 31


@dataclass(frozen=True, slots=True)
class Point:
    """A number of a line. `x` is in percent from the left, `y` in pixels from the top."""

    x: float
    y: float
    count: int
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The points of one row of counts, and the pixel where its label's middle stands."""

    points: tuple[Point, ...]
    label_y: float

    @property
    def path(self) -> str:
        """The line in a box of ACROSS units by the drawing's height."""
        return " ".join(f"{point.x * ACROSS / 100:g},{point.y:g}" for point in self.points)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across at a round number."""

    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines over one scale. `width` is that of a stretch of time, in percent."""

    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    height: int
    width: float

    @property
    def highest(self) -> int:
        """The highest number of all lines."""
        return max((point.count for line in self.lines for point in line.points), default=0)

    @property
    def floor(self) -> float:
        """Where zero stands."""
        return self.rules[0].y


def lay_out(rows: Sequence[Sequence[int]], *, height: int = HEIGHT, above: int = ABOVE) -> Drawing:
    """Rows of counts of the same stretches of time over one scale."""
    length = max((len(row) for row in rows), default=0) or 1
    rules = scale(max(itertools.chain.from_iterable(rows), default=0))
    top = rules[-1]

    def y(count: int) -> float:
        return round(height - BELOW - (height - BELOW - above) * count / top, 2)

    every = -(-length // MOST_MARKED)
    drawn = [
        tuple(
            Point(
                round(100 * (number + 0.5) / length, 3),
                y(count),
                count,
                (length - 1 - number) % every == 0,
            )
            for number, count in enumerate(row)
        )
        for row in rows
    ]
    labels = spread([points[-1].y if points else y(0) for points in drawn], LABEL, height)
    return Drawing(
        tuple(Line(points, label) for points, label in zip(drawn, labels, strict=True)),
        tuple(Rule(value, y(value)) for value in rules),
        height,
        round(100 / length, 3),
    )


def scale(highest: int) -> list[int]:
    """Round numbers from 0 to at least `highest`, evenly apart, few of them; counts are whole."""
    for step in (lead * 10**power for power in itertools.count() for lead in (1, 2, 5)):
        number = max(1, -(-highest // step))
        if number <= MOST_RULES:
            return [step * rule for rule in range(number + 1)]
    raise AssertionError  # The steps grow without end.


def spread(places: Sequence[float], room: float, height: float) -> list[float]:
    """The places moved as little as need be, so that they are `room` apart and within the height if there is room."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    found: dict[int, float] = {}
    at = room / 2
    for number in order:
        found[number] = at = max(places[number], at)
        at += room
    at = height - room / 2
    for number in reversed(order):
        found[number] = at = min(found[number], at)
        at -= room
    return [round(found[number], 2) for number in range(len(places))]
