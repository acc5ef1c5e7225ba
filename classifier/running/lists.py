"""Lists over all files of a run, of what was left out: put together from those of each file."""

from collections.abc import Iterable, Iterator

from classifier.files.compression import codec_of_name, compress, decompress, empty_stream
from classifier.files.locations import exists
from classifier.files.opening import open_input, open_output
from classifier.files.problems import DataError, Problem, unreadable

PIECE_BYTES = 1 << 20


def join_list(whole: str, parts: Iterable[str], stays_if_empty: bool) -> None:
    """Put the lists of files together, in order.

    Parameters
    ----------
    whole : str
        Path or URL of the list to write.
    parts : iterable of str
        Those of files; a file of which nothing is listed may have none.
    stays_if_empty : bool
        Whether the list is written if it has no lines; else there is none then.

    Raises
    ------
    DataError
        If a part is damaged or cannot be read.
    OutputError
        If the list cannot be written.
    """
    codec = codec_of_name(whole)
    with open_output(whole, must_be_read=True) as sink:
        for part in filter(exists, parts):
            for piece in _pieces_of(part):
                sink.write(compress(piece, codec))
        if not sink.n_bytes and not stays_if_empty:
            sink.discard()
        elif not sink.n_bytes:
            sink.write(empty_stream(codec))


def _pieces_of(part: str) -> Iterator[bytes]:
    try:
        with open_input(part) as raw:
            stream = decompress(raw, codec_of_name(part))
            while piece := stream.read(PIECE_BYTES):
                yield piece
    except (EOFError, ValueError) as error:
        problem = Problem("damaged", "it is damaged", "Remove it; --resume then makes it anew.")
        raise DataError(problem, part) from error
    except OSError as error:
        raise DataError(unreadable(error), part) from error
