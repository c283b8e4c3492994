"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _as_shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Färdkost as it is installed: no figures that this machine's user has imported, no policy of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FARDKOST_DATA", str(tmp_path_factory.mktemp("data")))
        patch.delenv("FARDKOST_POLICY", raising=False)
        yield
