"""A program as users write it, for mypy alone: what the public names are, and what they give."""

from pathlib import Path
from typing import assert_type

import numpy as np
import numpy.typing as npt

from classifier import (
    LABELS,
    Explanation,
    FilterPolicy,
    FilterResult,
    LabelledBatch,
    LabelledLine,
    LineClassifier,
    ModelError,
    NothingDroppedWarning,
)


def use(path: Path, page: str) -> None:
    clf = assert_type(LineClassifier.load(path), LineClassifier)
    policy = FilterPolicy(drop={"paywall"}, content_threshold=0.5)
    assert_type("paywall" in policy.drop, bool)
    assert_type(len(policy.drop), int)

    (line,) = assert_type(clf.label(page), list[LabelledLine])
    assert_type(line.label, str)
    assert_type(line.probabilities, tuple[float, float, float, float])

    result = assert_type(clf.filter(page, policy), FilterResult)
    assert_type(result.text, str | None)
    assert_type(result.kept, list[LabelledLine])

    batch = assert_type(clf.label_batch([page, None]), LabelledBatch)
    assert_type(batch.labels, npt.NDArray[np.uint8])

    why = assert_type(clf.explain(page, index=2), Explanation)
    for label in assert_type(LABELS, tuple[str, str, str, str]):
        assert_type([reason.value for reason in why.contributions[label]], list[float])


error: type[ValueError] = ModelError
warning: type[UserWarning] = NothingDroppedWarning
