"""Which browser shows the pages in tests, and what a page costs it."""

# The first is the second without its windows, and costs less.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


# What it costs where the bounds of tests were set, in seconds: 3,000 rows put in five times.
USUAL_SECONDS = 0.14
ROWS = """() => {
    const rows = Array.from({length: 3000}, (_, i) => `<p>${i} words of a line</p>`).join("");
    for (let i = 0; i < 5; i += 1) {
        document.body.innerHTML = rows;
        document.body.offsetHeight;
    }
}"""


def main_thread_clock(page):
    """Give a function that tells what a page's main thread has cost so far, in seconds.

    Time of the processor, not of the clock: the machine may have other work. And
    as if it were as quick as the one where the bounds of tests were set.
    """
    slowness, seconds = slowness_of(page), _own_clock(page)
    return lambda: seconds() / slowness


def slowness_of(page):
    """Tell how many times as long this machine takes; 1 if it is quicker."""
    other = page.context.new_page()
    seconds = _own_clock(other)
    before = seconds()
    other.evaluate(ROWS)
    cost = seconds() - before
    other.close()
    return max(cost / USUAL_SECONDS, 1)


def _own_clock(page):
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds():
        metrics = client.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    return seconds
