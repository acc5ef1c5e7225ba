"""Write Dolma's attribute files for files of documents."""

import os

from classifier.files.compression import codec_of_name, compress, empty_stream
from classifier.files.identity import identity
from classifier.files.locations import PathError
from classifier.files.opening import open_output
from classifier.formats import format_of_name
from classifier.formats.input_paths import find_inputs
from classifier.formats.output_paths import mirror
from classifier.pipelines.attributes import read_batches, to_attributes
from classifier.pipelines.checks import ModelPath
from classifier.pipelines.worker import load_model


def write_attributes(
    documents_path: str | os.PathLike[str],
    attributes_path: str | os.PathLike[str],
    model: ModelPath = None,
) -> None:
    """Write Dolma attributes: for each label the spans of its lines.

    Parameters
    ----------
    documents_path : path
        JSON Lines, plain, ``.gz`` or ``.zst``: a file, a folder or a glob.
    attributes_path : path
        A file for one file, a folder that mirrors names for several.
    model : path, optional
        See `classifier.pipelines`.

    Raises
    ------
    PathError
        If there is no such file, one is no JSON Lines or would be named as if it were none,
        or would overwrite itself.
    DataError
        If a file is damaged, or a record has no text or id: it gets no attributes then.
    """
    classifier = load_model(model)
    documents, attributes = os.fsdecode(documents_path), os.fsdecode(attributes_path)
    if identity(documents) == identity(attributes):
        raise PathError(f"{documents}: its attributes need a file of their own. Name another.")
    inputs, several = find_inputs([documents], exclude=[attributes])
    for item, output in zip(inputs, mirror(inputs, attributes, several), strict=True):
        if format_of_name(item.path) != "jsonl":
            raise PathError(f"{item.path}: Dolma reads JSON Lines only. Move it out of the way.")
        if output is None or identity(item.path) == identity(output):
            raise PathError(f"{item.path}: its attributes need a file of their own. Name another.")
        if format_of_name(output) not in (None, "jsonl"):
            raise PathError(f"{output}: attributes are JSON Lines. Give them a fitting name.")
        codec = codec_of_name(output)
        with open_output(output) as sink:
            for batch in read_batches(item.path):
                labelled = classifier.label_batch(batch.texts)
                sink.write(compress(to_attributes(batch, labelled), codec))
            if not sink.n_bytes:
                sink.write(empty_stream(codec))
