import subprocess
import sys
from pathlib import Path

import pytest

CLAIMS = (
    "every order of the first burst is invoiced",
    "version 2 is read by billing's version 1 reader",
    "both members on version 2 read discount codes",
    "a breaking change is refused, its fixes are accepted",
    "poison is dead-lettered with its original bytes",
    "billing goes on beside the poison",
    "all invoices within 30 s of a broker's death",
    "rebuilt invoices are the same",
    "every order was accepted in the end",
    "accepted orders = invoices",
    "no second invoice for an order told twice",
    "poison = dead letters, by id",
)


@pytest.mark.kafka
@pytest.mark.timeout(300)
def test_the_main_job_holds_from_end_to_end(tmp_path: Path) -> None:
    demo = subprocess.run(
        [sys.executable, "-m", "accord.cli", "demo", "--dir", str(tmp_path / "demo")],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert [claim for claim in CLAIMS if f"✓  {claim}" not in demo.stdout] == []
    assert f"all {len(CLAIMS)} lines hold" in demo.stderr
