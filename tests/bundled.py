"""The command with the bundled model, as processes that begin after its imports."""

import functools
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
TIMEOUT = 120  # seconds


def linesift(*arguments, data=b"", cwd=None):
    """Run the command to its end."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    result = _standby().run([*map(str, arguments)], data, cwd, environment, TIMEOUT)
    assert b"Traceback" not in result.stderr
    return result


@functools.cache
def _standby():
    from standby import Standby

    return Standby([sys.executable, __file__], {**os.environ, "PYTHONPATH": str(HERE.parent)})


if __name__ == "__main__":
    from standby import await_runs

    import classifier.commands.group
    import classifier.formats.jsonl
    import classifier.running.run  # noqa: F401 (what most runs import)
    from classifier.cli import main
    from classifier.model import LineClassifier
    from classifier.running.processor import Processor, Task

    # Loaded once more in each run; what it imports stays.
    Processor(Task("filter", LineClassifier.load)).load()
    await_runs(sys.argv[2])
    main()
