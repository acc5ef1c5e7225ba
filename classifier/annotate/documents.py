"""Documents to correct, from files in any format that the command reads."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import orjson

from classifier.annotate.labelstudio import KINDS, read_task
from classifier.annotate.log_limits import UnfitError, checked_fields, decode_json, require_utf8
from classifier.annotate.records import read_labels
from classifier.files.compression import read_whole
from classifier.files.locations import PathError
from classifier.files.names import readable
from classifier.files.problems import BrokenFileError, DataError, Problem
from classifier.files.streams import peek
from classifier.formats import documents as plain
from classifier.formats import format_of_name
from classifier.formats.batches import Fields
from classifier.formats.beginnings import HEAD_BYTES
from classifier.formats.input_paths import find_inputs
from classifier.formats.reading import open_records

MAX_TEXT_CHARS = 256 << 20  # held in memory at most; nobody reads more than that
BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
REMEDY = "Correct it: 'labels' are a list, of one label or null for each line that is not blank."
TASK_REMEDY = "Correct it: a file that is one list is read as Label Studio's JSON."


class Document(NamedTuple):
    """A document as it was found.

    Attributes
    ----------
    id, text : str
    labels : list of (str or None), or None
        For each line that is not blank, if it came with labels.
    fields : dict
        Other fields of its record.
    """

    id: str
    text: str
    labels: list[str | None] | None
    fields: dict[str, Any]


def read_documents(
    inputs: tuple[str, ...],
    fields: Fields,
    input_format: str | None = None,
    exclude: Sequence[str] = (),
) -> list[Document]:
    """Read all documents of some files and folders, each once; raises as `every_document`.

    Parameters
    ----------
    inputs, fields, input_format, exclude
        As of `every_document`.

    Returns
    -------
    list of Document
    """
    documents: dict[str, Document] = {}
    for document in every_document(inputs, fields, input_format, exclude=exclude):
        documents.setdefault(document.id, document)
    return list(documents.values())


def every_document(
    inputs: tuple[str, ...],
    fields: Fields,
    input_format: str | None = None,
    others: Collection[str] | None = None,
    kinds: Sequence[str] = KINDS,
    exclude: Sequence[str] = (),
    by_identifier: bool = True,
) -> Iterator[Document]:
    """Read the documents of some files and folders, as often as they stand there.

    Parameters
    ----------
    inputs : tuple of str
        As `classifier.formats.input_paths.find_inputs` takes them.
    fields : Fields
        Names of the fields of records.
    input_format : str, optional
        One of `classifier.formats.FORMATS`; told by name and content if absent.
        JSON that begins with ``[`` is Label Studio's.
    others : collection of str, optional
        Names of the other fields that are wanted; all if absent. In a field that
        is not, a number may be too large for Python.
    kinds : sequence of str, default KINDS
        Where labels in Label Studio's JSON may come from.
    exclude : sequence of str, optional
        Files that are left out of folders and globs.
    by_identifier : bool, default True
        Whether documents are to be told apart by their identifiers.

    Yields
    ------
    Document
        Those without an identifier are named after their file: by its name in its
        folder, or its whole path if another one has that name, too.

    Raises
    ------
    DataError
        If a file or record is bad, or two texts have one identifier that tells them apart.
    PathError
        If an input stands for no file, or there is too much text.
    """
    texts: dict[str, str] = {}
    n_chars = 0
    items, _ = find_inputs(inputs, exclude)
    n_alike = Counter(item.relative for item in items)
    for item in items:
        place = readable(item.relative if n_alike[item.relative] == 1 else item.path)
        content = _json_array(item.path) if input_format in (None, "jsonl") else None
        if content is None:
            found = _records(item.path, place, fields, input_format, others)
        else:
            found = _tasks(content, item.path, place, fields, others, kinds)
        for number, document in found:
            if by_identifier and texts.setdefault(document.id, document.text) != document.text:
                reason = f"its identifier {document.id!r} is that of another document as well"
                remedy = "Give --id-field one that is different in each."
                raise DataError(Problem("identifier", reason, remedy, number), item.path)
            n_chars += len(document.text)
            if n_chars > MAX_TEXT_CHARS:
                raise PathError(
                    f"{item.path}: this is more text than can be corrected by hand "
                    f"({MAX_TEXT_CHARS >> 20} million characters). Give a sample of it."
                )
            yield document


def _records(
    path: str,
    place: str,
    fields: Fields,
    input_format: str | None,
    others: Collection[str] | None,
) -> Iterator[tuple[int, Document]]:
    for found in plain.read_documents([path], fields, input_format):
        with _explained(found.record, found.file):
            name = _name(found.id, found.place_in(place))
            yield found.record, _document(name, found, fields, others)


def _json_array(path: str) -> bytes | None:
    """Read a file of JSON that begins with ``[``; None for any other."""
    if format_of_name(path) != "jsonl":
        return None
    with ExitStack() as stack:
        try:
            stream, _ = open_records(path, Fields(), "jsonl", stack)
            head, stream = peek(stream, HEAD_BYTES)
            is_array = head.lstrip(BEFORE_JSON).startswith(b"[")
            return read_whole(stream) if is_array else None
        except BrokenFileError as error:
            raise DataError(error.problem, path) from None


def _document(
    name: str, found: plain.Document, fields: Fields, others: Collection[str] | None
) -> Document:
    text = found.text
    try:
        if found.format == "jsonl":
            record = decode_json(found.line.lstrip(BEFORE_JSON) or b"{}", others)
        else:  # the identifier alone, often a UUID, tells nobody which page this is
            record = {} if found.url is None else {fields.url: found.url}
    except orjson.JSONDecodeError as error:  # though it has been read as JSON
        raise UnfitError(f"a log cannot hold one of its fields: {error}") from None
    given = record.get("labels")  # null in what pandas writes for a page without any
    labels = None if given is None else read_labels(given, text)
    own = (fields.text, fields.id, "labels")
    names = [name for name in record if name not in own and (others is None or name in others)]
    return Document(
        name, text, labels, checked_fields({name: record[name] for name in names}, others)
    )


def _tasks(
    content: bytes,
    path: str,
    place: str,
    fields: Fields,
    others: Collection[str] | None,
    kinds: Sequence[str],
) -> Iterator[tuple[int, Document]]:
    with _explained(None, path, TASK_REMEDY):
        tasks = decode_json(content.lstrip(BEFORE_JSON), others)
    for number, task in enumerate(tasks, 1):
        with _explained(number, path, TASK_REMEDY):
            found = read_task(task, fields.text, kinds, fields.id)
            require_utf8(found.text, "its text")
            name = _name(found.id, f"{place}:{number}")
            kept = checked_fields(found.others, others)
            yield number, Document(name, found.text, found.labels, kept)


def _name(identifier: Any, place: str) -> str:
    """Name a document by its identifier, a JSON value, or by its place if it has none."""
    name = place if identifier is None else identifier
    if not isinstance(name, str):
        # Not by orjson: numbers may be of any length.
        name = json.dumps(name, ensure_ascii=False, separators=(",", ":"))
    require_utf8(name, "its identifier")
    return name


@contextmanager
def _explained(number: int | None, file: str, how: str = REMEDY) -> Iterator[None]:
    try:
        yield
    except UnfitError as error:
        remedy = "Correct that field, or leave it out."
        raise DataError(Problem("bad record", str(error), remedy, number), file) from None
    except (ValueError, RecursionError) as error:  # orjson's as well
        raise DataError(Problem("bad record", str(error), how, number), file) from None
