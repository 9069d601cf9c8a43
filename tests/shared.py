"""Where the evaluation data lies: beside the checkout, never inside it. Tests that need it skip where it is missing."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the evaluation data is not beside this checkout"
)
