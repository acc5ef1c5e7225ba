"""What documents have of each label, counted by the kernel and by Python."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from line_arrays import batch, texts

from classifier.kernels.tallies import tally_labels
from classifier.lines import line_spans

long_lines = st.tuples(st.sampled_from(["x", "é", "語", "😀"]), st.integers(1, 150)).map(
    lambda line: line[0] * line[1]
)


@settings(max_examples=200)
@given(st.lists(texts | st.lists(long_lines).map("\n".join), max_size=4), st.randoms())
def test_lines_characters_and_bytes_are_counted_by_document_and_label(documents, random):
    expected = np.zeros((3, len(documents), 4), np.int64)
    labels = []
    for d, text in enumerate(documents):
        for start, end in line_spans(text):
            labels.append(random.randrange(4))
            line = text[start:end]
            expected[:, d, labels[-1]] += (1, len(line), len(line.encode()))
    found = tally_labels(**batch(documents, before="é"), labels=np.array(labels, np.uint8))
    np.testing.assert_array_equal(np.array(found), expected)


def test_a_batch_without_documents_has_no_rows():
    assert [part.shape for part in tally_labels(**batch([]), labels=np.zeros(0, np.uint8))] == [
        (0, 4)
    ] * 3
