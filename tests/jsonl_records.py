"""JSON Lines, as the tests of their format read and rewrite them."""

import io

import pyarrow as pa

from classifier.formats import jsonl
from classifier.formats.batches import Fields

FIELDS = Fields()


def parse(data, fields=FIELDS):
    (block,) = jsonl.blocks(io.BytesIO(data), fields)
    return jsonl.parse(block, fields)


def rewrite(data, change, fields=FIELDS, **options):
    batch = parse(data, fields)
    texts = [change(text) for text in batch.texts.to_pylist()]
    return jsonl.render(batch, pa.array(texts, pa.large_string()), **options)
