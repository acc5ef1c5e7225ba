"""Record batches of Arrow, collected until they are joined."""

from typing import Any

import pyarrow as pa

from classifier.formats.arrow_rows import dictionary_bytes


class Pile:
    """Record batches that wait to be one.

    Each comes with its own copy of the whole dictionary of a column, so these do
    not count for their size; once the copies outgrow a limit, only one is held.

    Parameters
    ----------
    limit : int
        Bytes that the copies may take.

    Attributes
    ----------
    pieces : list of pyarrow.RecordBatch
    n_bytes : int
        Their size.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.pieces: list[Any] = []
        self.n_bytes = self._n_copied = 0

    def add(self, rows: Any, n_bytes: int) -> None:
        """Append rows.

        Parameters
        ----------
        rows : pyarrow.RecordBatch
        n_bytes : int
            Their size, as the caller measures it.
        """
        if self._n_copied > self.limit:
            self.pieces = [join(self.pieces)]
            self._n_copied = dictionary_bytes(self.pieces[0])
        self.pieces.append(rows)
        self.n_bytes += n_bytes
        self._n_copied += dictionary_bytes(rows)

    def take(self) -> list[Any]:
        """Give all of them, and forget them.

        Returns
        -------
        list of pyarrow.RecordBatch
        """
        pieces, self.pieces = self.pieces, []
        self.n_bytes = self._n_copied = 0
        return pieces


def join(pieces: list[Any]) -> Any:
    """Make one record batch of several; equal dictionaries become one, others are united.

    Parameters
    ----------
    pieces : list of pyarrow.RecordBatch
        One at least, of one schema.

    Returns
    -------
    pyarrow.RecordBatch
    """
    return pieces[0] if len(pieces) == 1 else pa.concat_batches(pieces)
