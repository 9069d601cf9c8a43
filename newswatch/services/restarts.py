"""When a child that crashed may be started again. Pure: moments come in, a moment goes out, in seconds."""

from collections.abc import Sequence

PAUSES = (0.5, 1.0, 2.0, 5.0)
WINDOW = 120.0


def next_start(crashes: Sequence[float]) -> float | None:
    """The moment to start again after these crashes, the last of which has just happened; None to give up.

    Crashes more than two minutes before the last one are forgiven; after each of the others the pause is
    longer, and one more than there are pauses is too many.
    """
    recent = [moment for moment in crashes if crashes[-1] - moment <= WINDOW]
    if len(recent) > len(PAUSES):
        return None
    return crashes[-1] + PAUSES[len(recent) - 1]
