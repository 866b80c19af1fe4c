"""Make the filled forms that lie here again: `python -m tests.data.dtac.make`, with LibreOffice Writer on the machine.

The first two are written by python-docx; LibreOffice then writes each as ODT, and the ODT as DOCX again.
"""

import random
import subprocess
import tempfile
from pathlib import Path

from tests import dtac

HERE = Path(__file__).parent
LEFT_OUT = "C3.4"
STRAY = {"C1.2.4": "C1. 2 .4", "C2.2.5": "C2–2–5", "C4.2.1": "C4.2.1.", "A10": "A 10", "D1.4.2": "Question D1.4.2:", "B3": "b3"}


def scattered() -> bytes:
    """No headings, one table, rows shuffled, codes cut into runs and badly typed, one row deleted, boxes of older kinds."""
    chance = random.Random(20261102)
    order = list(dtac.SAID)
    chance.shuffle(order)
    return dtac.form(
        style="legacy", headings=False, one_table=True, order=order, left_out=[LEFT_OUT], runs=chance, stray=STRAY,
        checklist=False,
    )  # fmt: skip


def main() -> None:
    (HERE / "filled.docx").write_bytes(dtac.form())
    (HERE / "scattered.docx").write_bytes(scattered())
    (HERE / "version-1.docx").write_bytes(dtac.form(style="words", version="1.0", checklist=False))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "merged.docx").write_bytes(dtac.merged_below("C1.2"))
        _convert(Path(folder) / "merged.docx", "odt", HERE)
    for name in ("filled", "scattered"):
        _convert(HERE / f"{name}.docx", "odt", HERE)
        with tempfile.TemporaryDirectory() as folder:
            _convert(HERE / f"{name}.odt", "docx", Path(folder))
            (HERE / f"{name}-by-libreoffice.docx").write_bytes((Path(folder) / f"{name}.docx").read_bytes())


def _convert(file: Path, to: str, folder: Path) -> None:
    subprocess.run(["soffice", "--headless", "--convert-to", to, "--outdir", str(folder), str(file)], check=True)


if __name__ == "__main__":
    main()
