"""What a run does with every record: the same for each file, and in each process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from classifier.formats.batches import Fields
from classifier.policy import FilterPolicy


@dataclass(frozen=True)
class Task:
    """What to do with every record of a run; the same in each process.

    Attributes
    ----------
    action : str
        ``"filter"`` or ``"label"``.
    load : callable
        Makes the model: an object with the `process` of `LineClassifier`. Called once a
        process.
    fields : Fields
        Names of the fields of a record.
    policy : FilterPolicy
        What is dropped.
    on_error : str
        ``"fail"``, ``"skip"`` or ``"quarantine"``: what becomes of bad records.
    max_errors : int or None
        With more errors the run ends.
    input_format : str or None
        One of `classifier.formats.FORMATS`; None to tell by name and content.
    label_format : str
        ``"jsonl"`` or ``"tsv"``, for labels.
    offsets : str
        ``"code-point"`` or ``"byte"``, for labels.
    is_counted : bool
        Whether anybody wants to know how many lines and characters have which label.
    is_shown : bool
        Whether labels go to a terminal.
    """

    action: str
    load: Callable[[], Any]
    fields: Fields = field(default_factory=Fields)
    policy: FilterPolicy = field(default_factory=FilterPolicy)
    on_error: str = "fail"
    max_errors: int | None = None
    input_format: str | None = None
    label_format: str = "jsonl"
    offsets: str = "code-point"
    is_counted: bool = True
    is_shown: bool = False
