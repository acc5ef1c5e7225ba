"""Labels carried over from one print of a page to another.

Extractors print the same words in the same order, and differ in where they
break lines, in marks (bullets, ``#``, ``*``) and in what they leave out. So the
words are aligned, not the lines:

1. Each line becomes words: letters and digits only, without a bullet, case
   folded, split at inner capitals ("ShareEmail") and, in scripts without
   spaces, at every character.
2. Lines with equal words are matched in page order, longest runs first
   (difflib's Ratcliff-Obershelp), then the words of what lies between, in the
   same way.
3. A line takes the label that most of its matched words have (of two with
   equally many, the first), if at least half of its words are matched.
4. A first line that is the page's title element and has no counterpart is
   navigation, as the guideline says of a title printed before the menu.
5. A line still without a label takes that of the lines with the same words
   elsewhere on the page, if these agree: some extractors move blocks.
6. A line without words (a dash, a rule) stands as its two neighbours, if these
   agree.

Everything else gets no label and is left out of training and scores.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from training.corpus import lines_of

MATCHED_SHARE = 0.5  # of a line's words, at least, for a label

LETTER_BULLET = re.compile(r"^\s*o\s")  # inscriptis' bullet of the third level
INNER_CAPITAL = re.compile(r"(?<=[a-zß-öø-ÿа-яё])(?=[A-ZÀ-ÖØ-ÞА-ЯЁ])")
# Thai to Burmese, Khmer, kana and Han are written without spaces.
WORDS = re.compile(
    r"[\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|\d+|(?:(?![\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[^\W\d_])+"
)

Words = tuple[str, ...]


def words_of(line: str) -> Words:
    """Return a line's words in a form that does not depend on the extractor.

    Parameters
    ----------
    line : str

    Returns
    -------
    tuple of str
        Empty for a line of signs alone.
    """
    plain = LETTER_BULLET.sub("", unicodedata.normalize("NFKC", line))
    return tuple(WORDS.findall(INNER_CAPITAL.sub(" ", plain).casefold()))


def carry_over(text: str, labels: Sequence[str], view: str, title: str = "") -> list[str | None]:
    """Label the lines of a view by the labels of the same page's other print.

    Parameters
    ----------
    text : str
        The labelled print.
    labels : sequence of str, length n_lines of `text`
        One label for each of its lines that is not blank.
    view : str
        The other print.
    title : str, default ""
        Text of the page's title element.

    Returns
    -------
    list of str or None
        One entry for each line of `view` that is not blank; None where no label
        could be told.
    """
    known = [words_of(line) for line in lines_of(text)]
    wanted = [words_of(line) for line in lines_of(view)]
    found = matched_labels(known, labels, wanted)
    if wanted and found[0] is None and wanted[0] and wanted[0] == words_of(title):
        found[0] = "navigation"
    elsewhere = unanimous(known, labels)
    found = [
        elsewhere.get(words) if label is None else label
        for words, label in zip(wanted, found, strict=True)
    ]
    return between_equals(wanted, found)


def matched_labels(
    known: list[Words], labels: Sequence[str], wanted: list[Words]
) -> list[str | None]:
    """Give each wanted line the label that most of its matched words have.

    Parameters
    ----------
    known : list of tuple of str
        Words of each line of the labelled print.
    labels : sequence of str
        Of these lines.
    wanted : list of tuple of str
        Words of each line of the other print.

    Returns
    -------
    list of (str or None)
        None where too few words of a line are matched.
    """
    votes: list[Counter[str]] = [Counter() for _ in wanted]
    lines = SequenceMatcher(None, known, wanted, autojunk=False)
    for i, j in equal_pairs(lines):
        votes[j][labels[i]] += len(wanted[j])
    for kind, first, last, start, end in lines.get_opcodes():
        if kind == "replace":
            theirs = [(word, i) for i in range(first, last) for word in known[i]]
            ours = [(word, j) for j in range(start, end) for word in wanted[j]]
            sides = ([word for word, _ in side] for side in (theirs, ours))
            for a, b in equal_pairs(SequenceMatcher(None, *sides, autojunk=False)):
                votes[ours[b][1]][labels[theirs[a][1]]] += 1
    return [
        vote.most_common(1)[0][0] if words and vote.total() >= MATCHED_SHARE * len(words) else None
        for words, vote in zip(wanted, votes, strict=True)
    ]


def equal_pairs(matcher: SequenceMatcher) -> Iterator[tuple[int, int]]:
    """Yield the places of what is matched in both sequences, in order.

    Parameters
    ----------
    matcher : SequenceMatcher

    Yields
    ------
    tuple of int and int
    """
    for a, b, size in matcher.get_matching_blocks():
        yield from zip(range(a, a + size), range(b, b + size), strict=True)


def unanimous(known: list[Words], labels: Sequence[str]) -> dict[Words, str]:
    """Return the label of each line's words where all lines with them share it.

    Parameters
    ----------
    known : list of tuple of str
    labels : sequence of str

    Returns
    -------
    dict of tuple of str to str
    """
    seen: dict[Words, set[str]] = {}
    for words, label in zip(known, labels, strict=True):
        seen.setdefault(words, set()).add(label)
    return {words: next(iter(found)) for words, found in seen.items() if len(found) == 1 and words}


def between_equals(wanted: list[Words], found: list[str | None]) -> list[str | None]:
    """Label lines without words like the lines with words on both sides, if these agree.

    Parameters
    ----------
    wanted : list of tuple of str
    found : list of (str or None)
        A label for each of the lines, or None.

    Returns
    -------
    list of (str or None)
        As long.
    """
    spoken = [k for k, words in enumerate(wanted) if words]
    result = list(found)
    for before, after in itertools.pairwise(spoken):
        if found[before] == found[after]:
            for k in range(before + 1, after):
                result[k] = found[before]
    return result
