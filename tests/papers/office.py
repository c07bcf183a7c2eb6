"""LibreOffice without a window: reopens what we made and writes it in another form."""

from __future__ import annotations

import subprocess
from pathlib import Path


def converted(
    soffice: str, files: dict[str, bytes], *, to: str, folder: Path, source: str = ""
) -> dict[str, bytes]:
    """Return every file ("report.docx") in another form ("pdf"), by its name without ending.

    `source` is how LibreOffice names the form of what it opens, where it cannot see that itself.

    One start for all: that is most of the time. The profile lies in `folder`, so that no other
    LibreOffice of the machine is in the way.
    """
    made = folder / to
    made.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            *([f"--infilter={source}"] if source else []),
            "--convert-to",
            to,
            "--outdir",
            str(made),
            *(str(folder / name) for name in files),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {Path(name).stem: (made / f"{Path(name).stem}.{to}").read_bytes() for name in files}
