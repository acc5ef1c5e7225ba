"""Label Studio's JSON: tasks with labelled regions of a text, and back to a label a line.

Its labelling interface for these tasks::

    <View>
      <Labels name="label" toName="text">
        <Label value="content"/><Label value="navigation"/><Label value="paywall"/>
        <Label value="sponsored"/><Label value="unsure"/>
      </Labels>
      <Text name="text" value="$text"/>
    </View>
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from classifier.annotate.decisions import UNDECIDED, Codes, Page, agreed_codes, label_names
from classifier.annotate.events import MARKS, UNSURE
from classifier.labels import LABELS
from classifier.lines import Span, line_spans

FROM_NAME, TO_NAME = "label", "text"
KINDS = ("annotations", "predictions")


class Task(NamedTuple):
    """A labelled document.

    Attributes
    ----------
    id : object
        A JSON value; None if it has none.
    text : str
    labels : list of (str or None)
        Of each line that is not blank.
    others : dict
        The other fields of its data.
    """

    id: object
    text: str
    labels: list[str | None]
    others: dict[str, Any]


def read_task(
    task: object,
    text_field: str = "text",
    kinds: Sequence[str] = KINDS,
    id_field: str = "id",
) -> Task:
    """Make a labelled document of a task.

    Parameters
    ----------
    task : object
        A JSON value: an element of Label Studio's export.
    text_field : str, default "text"
        Field of its ``data`` with the text.
    kinds : sequence of str, default KINDS
        Where labels may come from, in this order: some of `KINDS`.
    id_field : str, default "id"
        Field of its ``data`` with the identifier; without one it has the task's ``id``.

    Returns
    -------
    Task
        A line has the label that covers most of it, if that is at least half and no
        other covers as much, or None. Labels come from the annotations that
        were not cancelled and have a region, None where two of them differ;
        if there is none, from the first such prediction.

    Raises
    ------
    ValueError
        If it is no such task, or holds a label that is none of ours.
    """
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(task, dict) or not isinstance(data, dict):
        raise ValueError(
            "it is no task of Label Studio: it has no 'data', as those of its export JSON have and "
            "those of JSON-MIN have not"
        )
    text = data.get(text_field)
    if not isinstance(text, str):
        raise ValueError(f"its data has no text in the field {text_field!r}")
    own = (text_field, id_field, "labels")
    others = {name: data[name] for name in data if name not in own}
    spans = line_spans(text)
    codes = agreed_codes([_line_codes(text, spans, r) for r in _results(task, kinds)], len(spans))
    return Task(data.get(id_field, task.get("id")), text, label_names(codes), others)


def write_task(page: Page) -> dict[str, Any]:
    """Make a task of a document: an annotation for each who decided on a line, a prediction.

    Parameters
    ----------
    page : Page

    Returns
    -------
    dict
        To be dumped in a list. One region is a run of lines of one label.
    """
    spans = line_spans(page.text)
    decided = {name: codes for name, codes in page.decided.items() if (codes != UNDECIDED).any()}
    return {
        "data": {**page.fields, "id": page.id, "text": page.text},
        "meta": {"annotators": list(decided)},
        "annotations": [
            {"result": _regions(page.text, spans, codes)} for codes in decided.values()
        ],
        "predictions": [
            {"model_version": "linesift", "result": _regions(page.text, spans, page.predicted)}
        ],
    }


def _regions(text: str, spans: Sequence[Span], codes: Codes) -> list[dict[str, Any]]:
    regions, first = [], 0
    for code, run in groupby(codes.tolist()):
        last = first + len(list(run)) - 1
        if code != UNDECIDED:
            start, end = spans[first].start, spans[last].end
            labelled = {
                "start": start,
                "end": end,
                "text": text[start:end],
                "labels": [MARKS[code]],
            }
            regions.append(
                {
                    "id": f"{first}-{last}",
                    "from_name": FROM_NAME,
                    "to_name": TO_NAME,
                    "type": "labels",
                    "value": labelled,
                }
            )
        first = last + 1
    return regions


def _results(task: dict[str, Any], kinds: Sequence[str]) -> list[list[object]]:
    """Give the regions of all annotations, or of the first prediction, that have some."""
    for kind in kinds:
        candidates = task.get(kind, [])
        if not isinstance(candidates, list) or not all(isinstance(c, dict) for c in candidates):
            raise ValueError(f"its {kind!r} is no list of objects")
        found = [c.get("result", []) for c in candidates if not c.get("was_cancelled")]
        if not all(isinstance(result, list) for result in found):
            raise ValueError(f"the result of its {kind!r} is no list")
        if results := list(filter(None, found)):
            return results if kind == "annotations" else results[:1]
    return []


def _line_codes(text: str, spans: Sequence[Span], result: Iterable[object]) -> Codes:
    starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
    covered = np.zeros((len(spans), len(MARKS)), np.int64)
    regions = (_read_region(region, number, text) for number, region in enumerate(result, 1))
    reached = [0] * len(MARKS)  # where regions of one label overlap, they count once
    for begin, end, code in sorted(found for found in regions if found is not None):
        start = max(begin, reached[code])
        reached[code] = max(end, reached[code])
        lines = slice(np.searchsorted(ends, start, "right"), np.searchsorted(starts, end))
        shares = np.minimum(ends[lines], end) - np.maximum(starts[lines], start)
        covered[lines, code] += np.maximum(shares, 0)
    most = covered.max(axis=1, keepdims=True)
    is_clear = (2 * most[:, 0] >= ends - starts) & ((covered == most).sum(axis=1) == 1)
    return np.where(is_clear, covered.argmax(axis=1), UNDECIDED).astype(np.uint8)


def _read_region(region: object, number: int, text: str) -> tuple[int, int, int] | None:
    """Give start, end and label of a region; None for what is no label (a choice, a relation)."""
    if isinstance(region, dict) and region.get("type") != "labels":
        return None  # a relation between two regions has no value at all
    if not isinstance(region, dict) or not isinstance(value := region.get("value"), dict):
        raise ValueError(f"region {number} is no object with a 'value'")
    start, end, labels = (value.get(name) for name in ("start", "end", "labels"))
    if not (type(start) is int and type(end) is int and 0 <= start <= end <= len(text)):
        raise ValueError(f"region {number} lies outside of the text (of {len(text)} characters)")
    quoted = value.get("text")
    if isinstance(quoted, str) and _squeezed(quoted) != _squeezed(text[start:end]):
        raise ValueError(
            f"region {number} does not hold the text that it quotes; "
            "its offsets have to count code points of the text as it is"
        )
    if not isinstance(labels, list) or len(labels) != 1 or labels[0] not in (*LABELS, UNSURE):
        raise ValueError(f"region {number} has not one label of {', '.join(MARKS)}")
    return start, end, MARKS.index(labels[0])


def _squeezed(text: str) -> str:
    """Leave out what Label Studio writes in its own way in quoted texts: white space."""
    return "".join(text.replace("\\n", " ").split())
