"""Read one text, for the commands that look at a single page."""

from contextlib import ExitStack

from classifier.formats import text as text_format
from classifier.formats.records import BrokenFileError, DataError, Fields
from classifier.running.shards import Shard, open_shard
from classifier.running.work import Task


def read_text(path: str) -> str:
    """Read a text file in any encoding and compression that `filter` takes.

    Parameters
    ----------
    path : str
        A path, URL or ``-``.

    Returns
    -------
    str
        The text, without a byte order mark.

    Raises
    ------
    DataError
        If it cannot be read or decoded.
    """
    with ExitStack() as stack:
        task = Task("label", _no_model, input_format="text")
        shard = Shard(path, None)
        try:
            stream, _ = open_shard(shard, task, stack)
            (block,) = text_format.blocks(stream, Fields())
        except BrokenFileError as error:
            raise DataError(error.problem, shard.file) from None
        batch = text_format.parse(block, Fields())
    if batch.problems:
        raise DataError(batch.problems[0], shard.file)
    text: str = batch.texts[0].as_py()
    return text


def _no_model() -> None:
    """Stand in for a model where none is used."""
