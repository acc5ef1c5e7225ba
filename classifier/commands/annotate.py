"""`linesift annotate`: correct labels in a browser."""

import shlex
import sys
from contextlib import suppress
from threading import Thread

import click

from classifier.commands.errors import Failure, Misuse, announce, explained
from classifier.commands.option_values import PLACE
from classifier.commands.options import MODEL, record_options
from classifier.commands.outputs import check_output

# What Python opens where there is no display. They run no script, and take the terminal.
TEXT_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")


@click.command()
@click.argument("inputs", type=PLACE, metavar="[INPUT]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    default="corrections.jsonl",
    type=PLACE,
    metavar="LOG",
    show_default=True,
    help="File to which every action is appended; give it again to go on.",
)
@click.option(
    "--annotator",
    default="annotator",
    metavar="NAME",
    show_default=True,
    help="Who is labelling. Two names in one log are compared.",
)
@click.option(
    "--export",
    type=PLACE,
    metavar="FILE",
    help="Write what LOG holds and end: .jsonl for labelled records, .json for Label Studio.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Of the page; a free one if absent.",
)
@click.option("--browser/--no-browser", default=True, help="Whether to open the page at once.")
@record_options
@MODEL
def annotate(
    inputs: tuple[str, ...],
    output: str,
    annotator: str,
    export: str | None,
    port: int,
    browser: bool,
    input_format: str | None,
    text_field: str,
    id_field: str,
    model: str | None,
) -> None:
    """Correct labels in the browser; every action is saved at once.

    The page is on 127.0.0.1 only. INPUT are files or folders of documents,
    labelled or not, or Label Studio's JSON; without, the session goes on with
    the documents in LOG, which are those opened so far.

    \b
    Example:  linesift annotate pages/ -o corrections.jsonl --annotator ada
    """
    with explained():
        from classifier.annotate.log_writer import Log
        from classifier.files.identity import identity
        from classifier.files.local_paths import is_local_folder, is_special
        from classifier.files.locations import exists, is_remote, on_this_machine, refuse_empty

        refuse_empty(output, "the file of -o")
        output = on_this_machine(output)
        if output == "-" or is_remote(output) or is_special(output) or is_local_folder(output):
            raise Misuse(f"{output}: a log is a file of this machine. Give -o the name of one.")
        if export is not None:
            if inputs:
                raise Misuse(f"--export writes what {output} holds. Leave INPUT out.")
            check_output(export, [output], "--export")
            _export(output, export)
            return
        try:
            from classifier.annotate.server import serve, take_port
        except ImportError as error:
            raise Failure(f"{error}. Run: pip install 'linesift[annotate]'") from None
        from classifier.annotate.documents import read_documents
        from classifier.annotate.events import annotator_name
        from classifier.annotate.session import Session
        from classifier.formats.batches import Fields
        from classifier.model import LineClassifier

        try:
            annotator_name(annotator)
        except ValueError as error:
            raise Misuse(f"--annotator: {error}") from None
        own = identity(output)
        if exists(output) and any(name != "-" and identity(name) == own for name in inputs):
            raise Misuse(
                f"{output}: it is the log, and no document. Leave INPUT out to go on with it, "
                "or give -o another file."
            )
        fields = Fields(text_field, id_field)
        which = "another INPUT" if inputs else "INPUT"
        nothing = f"nothing to label: give {which}, or a LOG that holds documents ({output})"
        documents = []
        if inputs:
            documents = read_documents(inputs, fields, input_format, exclude=[output])
        if not documents and not exists(output):  # a log would be left behind
            raise Misuse(nothing)
        classifier = LineClassifier.load(model)  # first: what goes wrong leaves no log behind
        with take_port(port) as listener, Log(output) as log:
            if n_bytes := log.restored.n_torn_bytes:
                announce(
                    f"{output}: what a crash had left at its end ({n_bytes} bytes) was removed"
                )
            if not documents and not log.restored.pages:
                raise Misuse(nothing)
            session = Session(log, documents, classifier, annotator)
            with suppress(KeyboardInterrupt):
                serve(session, listener, lambda address: _show(address, browser))
            with suppress(OSError):  # the window may be closed
                if sys.stderr.isatty():
                    click.echo(err=True)  # a line of its own, and not behind the terminal's ^C
            log.require_untouched()
            learn = f"linesift fit --corrections {shlex.quote(output)} -o mine.npz"
            is_begun = any(page.decided for page in session.pages.values())
            hint = f" To teach a model: {learn}" if is_begun else " No line is labelled yet."
            announce(f"ended; everything is in {output}.{hint}")


def _show(address: str, browser: bool) -> None:
    click.echo(f"Open {address} in a browser; Ctrl-C ends.")
    if browser:
        # Some browsers return when they are closed.
        Thread(target=_open, args=[address], daemon=True).start()


def _open(address: str) -> None:
    import webbrowser

    with suppress(webbrowser.Error):  # there is none
        if webbrowser.get().name not in TEXT_BROWSERS:
            webbrowser.open(address)


def _export(log: str, name: str) -> None:
    from classifier.annotate.exports import export_pages
    from classifier.annotate.log_reader import read_pages
    from classifier.files.locations import exists
    from classifier.files.opening import open_output

    if not exists(log):
        raise Misuse(f"{log}: there is no such log. Give -o one that `linesift annotate` wrote.")
    pages = read_pages(log, announce)
    if not pages:  # an export of before would be replaced by nothing
        raise Misuse(f"{log}: it holds no documents yet. Label some: linesift annotate INPUT")
    try:
        content, n_documents = export_pages(pages.values(), name)
    except ValueError as error:
        raise Misuse(f"--export {error}") from None
    if not n_documents:
        raise Failure(
            f"{log}: of {len(pages)} documents none is labelled whole, so {name} is not written. "
            "Each has lines that are undecided, unsure or disputed: decide on those first."
        )
    with open_output(name) as sink:
        sink.write(content)
    others = ""
    if n_documents < len(pages):
        others = "; the others have lines that are undecided, unsure or disputed"
    announce(f"{n_documents} of {len(pages)} documents written to {name}{others}")
