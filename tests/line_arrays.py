"""Texts whose lines are hard to tell apart, and the arrays that kernels take of documents."""

import numpy as np
from hypothesis import strategies as st

from classifier.lines import line_spans

LINES = ["A", "Bé", " 語 ", "😀\r", "\0", "\u200b", "", "", " ", "\t\r", "\u2028", "\x85\u3000"]
texts = st.lists(st.sampled_from(LINES), max_size=20).map("\n".join) | st.text("aé😀 \n\r\0\u2028")


def batch(documents: list[str], before: str = "") -> dict[str, np.ndarray]:
    """Arrays of some documents, in a buffer that begins with something else."""
    encoded = [text.encode() for text in documents]
    spans = [line_spans(text) for text in documents]

    def in_bytes(bound):
        offsets = [
            len(text[: span[bound]].encode())
            for text, found in zip(documents, spans, strict=True)
            for span in found
        ]
        return np.array(offsets, np.int64)

    return {
        "data": np.frombuffer(before.encode() + b"".join(encoded) + b"\nend", np.uint8),
        "offsets": np.cumsum([len(before.encode()), *map(len, encoded)]),
        "starts": in_bytes(0),
        "ends": in_bytes(1),
        "document_offsets": np.cumsum([0, *map(len, spans)]),
    }
