"""First paint: how long a page takes to be seen in Chromium, `python -m bench.paint`.

Milliseconds on the clock, from the click to what the browser calls the first contentful paint, the
median of several; the machine ought to be idle.
"""

from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import sync_playwright

from bench.served import HOST
from bench.web import READS, worker
from bench.workload import Workload

TURNS: Final = 9
PAGES: Final = ("score sheet", "score sheet at v200", "indicator", "bridge", "cases", "work list")
BAR: Final = 150
PAINTED: Final = """
new Promise(done => new PerformanceObserver(list => {
  for (const entry of list.getEntriesByName("first-contentful-paint")) done(entry.startTime);
}).observe({type: "paint", buffered: true}))
"""


def main() -> None:
    """Print a line for each page."""
    chromium = which("chromium") or which("chromium-browser")
    with TemporaryDirectory() as folder, worker(Workload(Path(folder)).demo) as server:
        name, _, value = server.headers["cookie"].partition("=")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            context = browser.new_context(locale="zh-CN")
            address = f"http://{HOST}:{server.port}"
            context.add_cookies(
                [{"name": name, "value": value, "url": address.replace("http:", "https:")}]
            )
            page = context.new_page()
            for read in READS:
                if read.name in PAGES:
                    spent = []
                    for _ in range(TURNS):
                        page.goto(f"{address}{read.paths[0]}")
                        if "/login" in page.url:
                            raise AssertionError(page.url)
                        spent.append(float(page.evaluate(PAINTED)))
                    print(f"{read.name:28}{median(spent):9.0f} ms   bar {BAR}", flush=True)
            browser.close()


if __name__ == "__main__":
    main()
