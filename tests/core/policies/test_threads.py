"""The rules are asked for by several threads at once, as when a form is evaluated and on the server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[3]

EIGHT_AT_ONCE = """
import sys, threading
from core.policies import FOLDER
from core.policies.schema import read_shipped

sys.setswitchinterval(1e-6)
ready = threading.Barrier(8)
titles = []

def read():
    ready.wait()
    titles.append(read_shipped(FOLDER / "linkoping.yaml").titel)

threads = [threading.Thread(target=read) for _ in range(8)]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(len(titles), *set(titles))
"""


def test_a_policy_may_be_read_by_many_threads_the_first_time() -> None:
    """Two of three such processes ended in a segmentation fault when each thread let msgspec look at the classes."""
    for _ in range(5):
        ran = subprocess.run(
            [sys.executable, "-c", EIGHT_AT_ONCE], cwd=HOUSE, capture_output=True, text=True, check=False, timeout=60
        )
        assert (ran.returncode, ran.stdout) == (0, "8 Linköpings kommun\n"), ran.stderr
