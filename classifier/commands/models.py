"""Models that commands write, and the pages that they are not judged on."""

from collections.abc import Sequence
from typing import Any

from classifier.commands.errors import Failure, Misuse, announce
from classifier.commands.outputs import check_output, input_files

BEGINNING_CHARS = 60  # of a page, to know it by


def check_model_output(output: str | None, corrections: Sequence[str], model: str | None) -> None:
    """End if a model cannot be meant to be written there.

    Parameters
    ----------
    output : str or None
        Where the model is to go; None if none is written.
    corrections : sequence of str
        Files of corrections.
    model : str or None
        The file of the model to start from.

    Raises
    ------
    Misuse
        If the output is no file of its own.
    PathError
        If there are no such corrections.
    """
    from classifier.files.local_paths import descriptor_of
    from classifier.files.locations import is_remote, on_this_machine
    from classifier.formats import format_of_name
    from classifier.storage import DEFAULT_MODEL

    read = input_files(corrections)
    if output is None:
        return
    if output == "-" or descriptor_of(output) in (1, 2):
        raise Misuse(f"-o {output}: that is for people to read. Give a file for the model.")
    if is_remote(on_this_machine(output)):
        raise Misuse(f"{output}: a model is written to this machine. Give -o a file of it.")
    check_output(output, [*read, model or str(DEFAULT_MODEL)])
    if named := format_of_name(output):
        raise Misuse(
            f"{output}: its name says {named}, but a model is written. "
            "Give -o a name such as mine.npz."
        )


def tell_of_undecided(pages: Any) -> None:
    """Say what lines without a label do to what is learnt, and to what a threshold promises.

    Parameters
    ----------
    pages : LabelledPages
    """
    n_pages = pages.n_partly_labelled()
    if n_pages:
        n_lines = int((~pages.decided).sum())
        announce(
            f"{n_pages} of {len(pages.texts)} pages have lines without a label ({n_lines} in all: "
            "undecided, unsure or disputed). Such lines teach nothing, and count as lost content "
            "where a threshold drops them: decide on all you can"
        )


def write_model(model: Any, path: str) -> None:
    """Save a model.

    Parameters
    ----------
    model : LineClassifier
    path : str

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    from classifier.files.opening import OutputError

    try:
        model.save(path)
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}). "
            "Make room, or give -o a file that you may write."
        ) from error


def leave_out_known_pages(pages: Any, metadata: dict[str, Any], remedy: str) -> Any:
    """Take only pages on which a model was not fitted, and say how many it was fitted on.

    Parameters
    ----------
    pages : LabelledPages
    metadata : dict
        Of the model.
    remedy : str
        A sentence that says what to do if there are no others.

    Returns
    -------
    LabelledPages

    Raises
    ------
    Failure
        If it was fitted on all of them.
    """
    is_known = _are_known(pages, metadata)
    if all(is_known):
        refuse_known_pages(pages, metadata, remedy)
    if not any(is_known):
        return pages
    announce(
        f"{sum(is_known)} of {len(pages.texts)} pages are left out: the model has learnt from them"
    )
    return pages.only([not known for known in is_known])


def refuse_known_pages(pages: Any, metadata: dict[str, Any], remedy: str) -> None:
    """End if a model was fitted on some of the pages on which it is to be judged.

    Parameters
    ----------
    pages : LabelledPages
    metadata : dict
        Of the model.
    remedy : str
        A sentence that says what to do instead.

    Raises
    ------
    Failure
        Says how many, and the remedy.
    """
    from classifier.files.names import shown_name

    pairs = zip(pages.texts, _are_known(pages, metadata), strict=True)
    known = [text for text, is_known in pairs if is_known]
    if known:
        begins = shown_name(known[0].strip()[:BEGINNING_CHARS].splitlines()[0])
        raise Failure(
            f"the model has learnt from {len(known)} of {len(pages.texts)} pages already, so they "
            f"cannot tell how good it is (the first of them begins “{begins}”). {remedy}"
        )


def _are_known(pages: Any, metadata: dict[str, Any]) -> list[bool]:
    from classifier.adapt.labelled_pages import text_digest

    taught = set(metadata.get("pages", ()))
    return [text_digest(text) in taught for text in pages.texts]
