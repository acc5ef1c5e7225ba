"""The command with the bundled model, as processes that begin after its imports."""

import contextlib
import sys

import standby


def linesift(*arguments, data=b"", cwd=None):
    """Run the command to its end."""
    result = standby.run("bundled.py", arguments, data, cwd)
    assert b"Traceback" not in result.stderr
    return result


def begin(*arguments):
    """Begin a run of the command that goes on while others come and go."""
    return standby.begin("bundled.py", *arguments)


if __name__ == "__main__":
    import classifier.commands.group
    import classifier.formats.jsonl
    import classifier.running.run
    from classifier.cli import main
    from classifier.model import LineClassifier
    from classifier.running.processor import Processor
    from classifier.running.task import Task

    with contextlib.suppress(ImportError):  # the extra annotate: its tests skip
        import classifier.annotate.documents
        import classifier.annotate.log_writer
        import classifier.annotate.server
        import classifier.annotate.session  # noqa: F401 (as above, what most runs import)

    # Loaded once more in each run; what it imports stays.
    Processor(Task("filter", LineClassifier.load)).load()
    standby.await_runs(sys.argv[2])
    main()
