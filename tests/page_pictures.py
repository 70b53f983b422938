"""The pictures of the page in the documents: `python tests/page_pictures.py` takes them anew in Debian's chromium."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from web_server import ROOT, running

OUT = ROOT / "docs" / "images"
COLOURS = 128
WIDE = 1380


def save(raw: bytes, name: str) -> None:
    """With few colours, which is what a page has, a picture is a third as large."""
    Image.open(io.BytesIO(raw)).convert("RGB").quantize(COLOURS).save(OUT / name, optimize=True)


def add(page: Any, name: str) -> None:
    box = page.get_by_role("combobox", name="Add a drug")
    box.fill(name)
    page.get_by_role("option").first.wait_for()
    box.press("Enter")


def answered(page: Any) -> None:
    page.get_by_role("button", name="Simulate").click()
    page.get_by_role("heading", name="What is unknown").wait_for()
    page.get_by_role("button", name="Simulate").wait_for()
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.wait_for_timeout(800)


def case(page: Any) -> None:
    add(page, "methadone")
    add(page, "efavirenz")
    answered(page)


def twelve(page: Any) -> None:
    page.get_by_label("Case file").set_input_files(ROOT / "examples" / "twelve-drugs.yaml")
    page.get_by_role("gridcell").first.wait_for()
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(500)


def settled(page: Any) -> None:
    page.locator("main h1, main h2").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


PICTURES: dict[str, tuple[str, int, Callable[[Any], None]]] = {
    "page-case.png": ("case", 1060, case),
    "page-pairs.png": ("case", 1230, twelve),
    "page-matrix.png": ("matrix", 1000, settled),
    "page-compound.png": ("compounds/methadone-r", 900, settled),
    "page-accuracy.png": ("accuracy", 1150, settled),
}


def main() -> None:
    with running() as server, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for name, (view, high, prepare) in PICTURES.items():
            context = browser.new_context(viewport={"width": WIDE, "height": high}, color_scheme="light", reduced_motion="reduce")
            page = context.new_page()
            page.goto(f"{server.address}/#/{view}")
            prepare(page)
            save(page.screenshot(), name)
            print(name, (OUT / name).stat().st_size)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
