"""Blocks of paywall lines that ask for a gift and sell no access."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from classifier.kernels.word_search import WordTable

# An appeal has the label of a wall (both ask the reader for money) but bars
# nothing. Beginnings of words, lower case, found anywhere in a line; a language
# without any keeps its appeals among the walls.
APPEAL_WORDS = (
    *("donat", "support us", "support our", "support my", "support independent", "fund this"),
    *("contribut", "give today", "give monthly", "your gift", "buy me a coffee", "paypal"),
    *("patreon", "ko-fi", "spende", "unterstütz", "doneer", "steun "),
    *("stöd oss", "bli stödmedlem", "støtt", "støt os", "lahjoita", "tue meitä"),
    *("donaci", "dona aquí", "apóya", "apoya ", "doaç", "apoie", "apoiar", "faire un don"),
    *("faites un don", "je donne", "soutenez", "soutenir", "donazion", "sostieni", "sostenerci"),
    *("donează", "darowizn", "wesprzyj", "wspieraj", "wpłać", "darujte", "přispějte", "podpořte"),
    *("adomány", "támogass", "пожертв", "поддержите", "поддержать", "підтримай", "дарени"),
    *("подкрепете", "δωρεά", "στηρίξτε", "bağış", "תרומ", "تبرع", "دعمكم", "दान करें"),
    *("寄付", "ご支援", "投げ銭", "捐", "赞赏", "打赏", "후원", "donasi", "infaq", "สนับสนุน"),
    *("ủng hộ", "changia", "chip in what", "chip in to", "tip jar", "our appeal"),
    *("become a supporter", "기부하", "기부해", "기부금", "menderma", "podporte ", "prispejte"),
    *("doniraj", "донирај", "подржите ", "podržite ", "paremkite", "ziedojiet", "annetage"),
    *("toetage ", "destek ol", "destek ver", "حمایت مالی", "عطیہ", "অনুদান", "请我喝"),
    *("カンパを", "カンパの", "カンパお"),
)
APPEAL_BEGINNINGS = ("iban",)  # not within a word

# "Support our newsroom" is said on walls, too, among many lines of the offer.
APPEAL_MIN_SHARE = 1 / 8


def appeal_lines(
    data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    r"""Tell which lines hold one of the words in `APPEAL_WORDS`, or the number of an account.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        UTF-8 that holds the lines.
    starts, ends : ndarray of int64, shape (n_lines,)
        Byte offsets in `data` of the lines, or of several that are read as one.

    Returns
    -------
    ndarray of bool, shape (n_lines,)

    Examples
    --------
    >>> text = "Please donate\nSubscribe for 1 € a week".encode()
    >>> lines = np.array([0, 14]), np.array([13, len(text)])
    >>> appeal_lines(np.frombuffer(text, np.uint8), *lines).tolist()
    [True, False]
    """
    if not len(starts):  # most pages have no wall
        return np.zeros(0, np.bool_)
    # Here and not above: kernels load on first use.
    from classifier.kernels.word_search import lines_with_words

    # One text of the lines, in which no line holds a newline, nor does its lower case. Arrow could
    # do this, but its functions take longer to load than most files' walls to read. Python's
    # own tables may be newer than ours: the letters of these words are the same in all.
    view = data.data
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    words = (bytes(view[start:end]).split() for start, end in spans)
    text = b"\n".join([b" ".join(own) for own in words]).decode("utf-8")
    lower = np.frombuffer(text.lower().encode("utf-8"), np.uint8)
    line_starts = np.flatnonzero(lower == ord("\n")) + 1
    bounds = np.concatenate([[0], line_starts, [len(lower)]])
    return lines_with_words(lower, bounds, _appeal_table())


@cache
def _appeal_table() -> "WordTable":
    """Return `APPEAL_WORDS` and `APPEAL_BEGINNINGS` as they are looked for."""
    from classifier.kernels.word_search import word_table

    return word_table(APPEAL_WORDS, APPEAL_BEGINNINGS)


def appeal_blocks(
    is_wall: npt.NDArray[np.bool_],
    asks: npt.NDArray[np.bool_],
    document_offsets: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Find the blocks, maximal runs of paywall lines in a document, that are appeals.

    At least one line in ``1 / APPEAL_MIN_SHARE`` of such a block asks for a gift.

    Parameters
    ----------
    is_wall, asks : ndarray of bool, shape (n_lines,)
        Whether a line is labelled paywall, and whether it holds a word of an appeal.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.

    Returns
    -------
    ndarray of bool, shape (n_lines,)
        Paywall lines that stand in such a block.
    """
    wall = np.flatnonzero(is_wall)
    document = np.searchsorted(document_offsets, wall, side="right")
    begins = (np.diff(wall, prepend=-1) > 1) | (np.diff(document, prepend=0) > 0)
    block = np.cumsum(begins) - 1
    n_asking = np.bincount(block, asks[wall])
    is_appeal = n_asking >= APPEAL_MIN_SHARE * np.bincount(block)
    found = np.zeros(len(is_wall), np.bool_)
    found[wall] = is_appeal[block]
    return found
