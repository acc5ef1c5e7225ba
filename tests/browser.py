"""Which browser shows the pages in tests, and what a page costs it."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main_thread_clock(page):
    """Give a function that tells what a page's main thread has cost so far, in seconds.

    Time of the processor, not of the clock: the machine may have other work.
    """
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds():
        metrics = client.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    return seconds
