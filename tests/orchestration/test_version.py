"""The code version names the package and changes with nothing but the code."""

from __future__ import annotations

import re

from orchestration.version import code_version


def test_the_same_code_has_the_same_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{12}", code_version())
    assert code_version() == code_version()
