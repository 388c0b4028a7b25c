"""A real browser for the tests: how it is started, what it must never do, and what every open page must be."""

import os
import shutil
from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import ConsoleMessage, Page, Request, Response, expect

PHONE = (360, 740)  # the cheap phone that the citizen's pages are made for, in CSS pixels
WIDTHS = (320, 360, 768, 1024, 1280)  # from what WCAG 1.4.10 asks for to a desk's
# A narrow font and one as wide as they come; script/test sees to it that both are there.
FONTS = {"Liberation Sans": "Liberation Mono", "DejaVu Sans": "DejaVu Sans Mono"}
WINDOWS = (PHONE[0], 1280)  # a citizen's phone, a desk
COLOR_RULES = ["color-contrast", "link-in-text-block"]  # what another scheme can change
WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

Scheme = Literal["light", "dark"]
LIGHT_AND_DARK: tuple[Scheme, ...] = ("light", "dark")


def launch_options() -> dict[str, Any]:
    """How to start the system's Chromium; without one, the browser that Playwright brought is used."""
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        # one process draws all pages, and no second one stands beside it for a graphics card that is not there: a
        # seventh of the time
        "--renderer-process-limit=1",
        "--disable-gpu",
        "--disable-software-rasterizer",
        # a page that asks for anything from elsewhere must fail here as it would on a closed network
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    return {"args": arguments} | ({"executable_path": path} if path else {})


def watch(page: Page, origin: str, problems: list[str]) -> None:
    """Notes in `problems` whatever a page must not do: script errors, a breach of the content policy,
    a missing part, a request that leaves `origin`."""

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"console error on {page.url}: {message.text}")

    def note_missing_part(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            problems.append(f"{response.status} for {response.url}, a part of {page.url}")

    def note_outside_request(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:")):
            problems.append(f"{page.url} asks {request.url}, outside its own origin")

    page.on("pageerror", lambda error: problems.append(f"script error on {page.url}: {error}"))
    page.on("console", note_message)
    page.on("response", note_missing_part)
    page.on("request", note_outside_request)


def axe_check(page: Page, colors_only: bool = False) -> None:
    """Fails with axe's own words where the open page breaks a rule of WCAG 2.2 A or AA, or one about colors."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # What it would preload it writes into the page as a style of its own, which the policy refuses.
    rules = {"type": "rule", "values": COLOR_RULES} if colors_only else {"type": "tag", "values": WCAG_TAGS}
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    results = AxeResults(page.evaluate("options => axe.run(options)", options))
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


PARTS_TOO_WIDE = """([sans, mono]) => {
  const root = document.documentElement
  root.style.setProperty("--font", sans)
  root.style.setProperty("--mono", mono)
  root.style.fontFamily = sans
  const end = root.clientWidth
  if (root.scrollWidth <= end) return null
  const hides = (part) => getComputedStyle(part).overflowX !== "visible"
  const contained = (part) => part !== root && (hides(part) || contained(part.parentElement))
  const parts = [...document.querySelectorAll("body *")]
    .filter((part) => part.getBoundingClientRect().right > end && !contained(part))
    .slice(-3)
    .map((part) => part.outerHTML.slice(0, 120))
  return `${root.scrollWidth} wide: ${parts.join(" … ")}`
}"""


def sticking_out(page: Page) -> Iterator[str]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for fonts in FONTS.items():
            if parts := page.evaluate(PARTS_TOO_WIDE, fonts):
                yield f"{page.url} at {width} pixels in {fonts[0]} is {parts}"


def fits_check(page: Page) -> None:
    """Fails where the open page scrolls sideways, in a narrow or in a wide font.

    Which font a person has is theirs: a page that fits in the one of this machine may be a matter of luck."""
    before = page.viewport_size
    assert before
    problems = list(sticking_out(page))
    page.set_viewport_size(before)
    page.evaluate("document.documentElement.removeAttribute('style')")
    assert not problems, "\n".join(problems)


def check_page(page: Page, widths: tuple[int, ...] = (), schemes: tuple[Scheme, ...] = ("light",)) -> None:
    """What every open page must be: within reach of everybody, and no wider than its window.

    axe looks at it in its own window, or in windows of these widths, in these schemes, without loading it again.
    """
    before = page.viewport_size
    assert before
    for width, scheme in product(widths or (before["width"],), schemes):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        try:
            axe_check(page, colors_only=scheme != schemes[0])
        except AssertionError as error:
            error.add_note(f"in a {scheme} window of {width} pixels")
            raise
    page.set_viewport_size(before)
    fits_check(page)


def open_folds(page: Page) -> None:
    """All of them, and what comes into them when they are opened."""
    page.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true })")
    expect(page.locator("details[open] .confirm__body > p > a[href*='#do-']")).to_have_count(0)


def until(page: Page, condition: str) -> None:
    """Waits until this is true in the page. Playwright's own `wait_for_function` asks a second time by `eval`, which
    our content policy refuses: it works only where the first look is late enough."""
    for _ in range(5000):
        if page.evaluate(condition):
            return
    raise AssertionError(f"never came true on {page.url}: {condition}")
