"""The documents of a session, with the labels that they are shown with, most doubtful first."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.annotate.decisions import Codes, Page
from classifier.annotate.documents import Document
from classifier.annotate.events import Opened
from classifier.labels import LABELS


class Entry(NamedTuple):
    """A document of the session.

    Attributes
    ----------
    opened : Opened
        The document, with the labels that it is shown with.
    doubts : ndarray of float32, shape (n_lines,)
        1 - p of each of these labels, by the model; 0 to 1.
    """

    opened: Opened
    doubts: npt.NDArray[np.float32]

    @property
    def doubt(self) -> float:
        """The share of its lines that are expected to be wrong."""
        return float(self.doubts.mean()) if len(self.doubts) else 0.0


def with_known_names(documents: Sequence[Document], pages: dict[str, Page]) -> list[Document]:
    """Name documents as in the log where it has their text under a name that no other has.

    A file is called by its place, which is another if INPUT is a folder above it, or holds a
    file of its name besides: what was decided on it would be asked for again.

    Parameters
    ----------
    documents : sequence of Document
    pages : dict of str to Page
        Those of the log, by identifier.

    Returns
    -------
    list of Document
    """
    own = {document.id for document in documents}
    free = {page.text: page.id for page in pages.values() if page.id not in own}
    return [
        document
        if document.id in pages
        else document._replace(id=free.pop(document.text, document.id))
        for document in documents
    ]


def make_entries(documents: Sequence[Document], pages: dict[str, Page], model: Any) -> list[Entry]:
    """Label documents, and put them in order of doubt.

    Parameters
    ----------
    documents : sequence of Document
    pages : dict of str to Page
        Those of the log, by identifier.
    model : LineClassifier

    Returns
    -------
    list of Entry
        With the labels of the log, else those that the document came with, else the model's.
    """
    batch = model.label_batch([document.text for document in documents])
    entries = []
    for i, document in enumerate(documents):
        lines = slice(batch.document_offsets[i], batch.document_offsets[i + 1])
        page = pages.get(document.id)
        # What the annotator saw first stays, whatever the model says by now.
        if page is not None and page.text == document.text:
            codes = page.predicted
        else:
            codes = _shown_codes(document, batch.labels[lines])
        doubts = 1 - batch.probabilities[lines][np.arange(len(codes)), codes]
        predicted = [LABELS[code] for code in codes.tolist()]
        opened = Opened(document.id, document.text, predicted, document.fields)
        entries.append(Entry(opened, doubts))
    return sorted(entries, key=lambda entry: -entry.doubt)


def _shown_codes(document: Document, codes: Codes) -> Codes:
    """Put the labels that a document came with in place of the model's."""
    shown = codes.copy()
    for i, label in enumerate(document.labels or ()):
        if label is not None:
            shown[i] = LABELS.index(label)
    return shown
