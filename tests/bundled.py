"""The command with the bundled model, as processes that begin after its imports."""

import sys

import standby


def linesift(*arguments, data=b"", cwd=None):
    """Run the command to its end."""
    result = standby.run("bundled.py", arguments, data, cwd)
    assert b"Traceback" not in result.stderr
    return result


if __name__ == "__main__":
    import classifier.commands.group
    import classifier.formats.jsonl
    import classifier.running.run  # noqa: F401 (what most runs import)
    from classifier.cli import main
    from classifier.model import LineClassifier
    from classifier.running.processor import Processor, Task

    # Loaded once more in each run; what it imports stays.
    Processor(Task("filter", LineClassifier.load)).load()
    standby.await_runs(sys.argv[2])
    main()
