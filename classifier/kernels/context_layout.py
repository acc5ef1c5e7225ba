"""Inputs of the second layer: names, sizes and places of what is measured around a line."""

from classifier.kernels.layout import (
    BEGINNING,
    BLANK_BEFORE,
    CAPITALS,
    DIGITS,
    ENDING,
    FACT_NAMES,
    FACT_SIZES,
    INDENT,
    LENGTH,
    MARKS,
    SEPARATORS,
    TITLE_CASE,
    UNSPACED_SHARE,
    WORDS,
)

# Channels of a line, seen through a window of WINDOW lines to both sides: the
# squashed first-layer scores of the four labels, then its shape.
CHANNEL_NAMES = (
    "content",
    "navigation",
    "paywall",
    "sponsored",
    "length",
    "sentence_end",
    "bullet",
    "indent",
    "title_case",
    "blank_before",
    "digits",
    "words",
)
N_CHANNELS = len(CHANNEL_NAMES)
HALF_WAY_SCORE = 4.0  # first-layer score that is squashed to 0.5; lower ones lose the high scores
WINDOW = 6
N_WINDOW = (2 * WINDOW + 1) * N_CHANNELS
PADDED_WINDOW = -(-N_WINDOW // 16) * 16  # whole vector registers

# What is averaged over farther lines: label probabilities and four of the channels.
TRACE_NAMES = (
    "p_content",
    "p_navigation",
    "p_paywall",
    "p_sponsored",
    "length",
    "sentence_end",
    "bullet",
    "title_case",
)
N_TRACES = len(TRACE_NAMES)
DECAYS = (0.5, 0.8, 0.95)  # weight of the past at each line further away
N_RECENT = len(DECAYS) * N_TRACES

# Of the whole document: mean of each trace, then maximum of each probability.
N_SUMMARY = N_TRACES + 4

N_DENSE = N_WINDOW + 2 * N_RECENT + N_SUMMARY

# Bins: small integers, each with a row of weights. (name, size).
DISTANCE_EDGES = (1, 2, 3, 6, 12, 30)  # coarse distance in lines, for crosses
BINS = (
    ("content_before", 12),
    ("lines_before", 17),
    ("lines_after", 17),
    ("n_lines", 17),
    ("position", 10),
    ("content_mass", 17),
    ("since_content", 17),
    ("until_content", 17),
    ("p_content x since_content x until_content", 5 * 7 * 7),
    ("p_content x content_before", 5 * 12),
    ("label x length", 4 * 8),
    ("p_content x neighbours", 4 * 6),
    ("p_paywall x neighbours", 4 * 6),
    ("p_sponsored x neighbours", 4 * 6),
    ("repetition", 12),
)
BIN_FACT_PAIRS = (
    (LENGTH, ENDING),
    (BEGINNING, INDENT),
    (CAPITALS, DIGITS),
    (WORDS, TITLE_CASE),
    (MARKS, SEPARATORS),
    (UNSPACED_SHARE, BLANK_BEFORE),
)
PATTERN_GROUP = 256  # patterns enter as two integers of eight bits
BIN_SIZES = (
    *(size for _, size in BINS),
    *(FACT_SIZES[a] * FACT_SIZES[b] for a, b in BIN_FACT_PAIRS),
    PATTERN_GROUP,
    PATTERN_GROUP,
)
BIN_NAMES = (
    *(name for name, _ in BINS),
    *(f"{FACT_NAMES[a]} x {FACT_NAMES[b]}" for a, b in BIN_FACT_PAIRS),
    "patterns",
    "more patterns",
)
N_BINS = len(BIN_SIZES)
BIN_STARTS = tuple(sum(BIN_SIZES[:i]) for i in range(N_BINS))
N_BIN_ROWS = sum(BIN_SIZES)

# Third layer: logits around their mean, first-layer scores, and the products of
# a line's probabilities with those of the lines at each distance on both sides.
NEIGHBOURS = 2
N_AGREEMENT = 8 + 16 * NEIGHBOURS
