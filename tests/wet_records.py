"""Records of WET files, as the tests of their format make and read them."""

import io

import pyarrow as pa

from classifier.formats import wet
from classifier.formats.batches import Fields


def page(i, body, kind="conversion", extra=""):
    body = body if isinstance(body, bytes) else body.encode()
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://example.org/{i}\r\n"
        f"WARC-Date: 2024-05-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{i:08}-0000-4000-8000-000000000000>\r\n"
        f"{extra}Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return header.encode() + body + b"\r\n\r\n"


FIELDS = Fields()


SHA1_OF_ABC = b"VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"


SHA1 = "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"


PAGES = [
    page(0, "software: a crawler\r\n", "warcinfo"),
    page(1, "Hallo Wörld\nAD\n", extra=SHA1),
    page(2, "nothing to drop"),
    page(3, "AD", extra="warc-payload-digest: sha256:" + "0" * 64 + "\r\n"),
    page(4, "AD\r\n\r\nWARC/1.0 in the text\nlast", extra=SHA1),
]


def parse(data, fields=FIELDS):
    blocks = list(wet.blocks(io.BytesIO(data), fields))
    return [wet.parse(block, fields) for block in blocks]


def rewrite(data, change, codec=None):
    out = []
    for batch in parse(data):
        texts = [change(text) for text in batch.texts.to_pylist()]
        out.append(wet.render(batch, pa.array(texts, pa.large_string()), codec))
    return b"".join(out)


def without_ads(text):
    return "\n".join(line for line in text.split("\n") if line.strip() != "AD")


CRLF, LF = b"\r\n", b"\n"


def record(i, body, ends=LF, tail=None):
    """A record whose lines end as `ends` says: all alike, or in turn."""
    ends = [ends] if isinstance(ends, bytes) else ends
    lines = [*page(i, body, extra=SHA1).partition(CRLF + CRLF)[0].split(CRLF), b""]
    header = b"".join(line + ends[n % len(ends)] for n, line in enumerate(lines))
    return header + body + (2 * ends[0] if tail is None else tail)


def texts_and_problems(stream):
    batches = [wet.parse(block, Fields()) for block in wet.blocks(stream, Fields())]
    problems = [problem for batch in batches for problem in batch.problems]
    return [text for batch in batches for text in batch.texts.to_pylist()], problems


class SmallPieces(io.BytesIO):
    def read1(self, size=-1):
        return super().read1(min(size, 37))
