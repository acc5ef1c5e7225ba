"""Inputs of the second and third layer: names and places of what is measured around a line.

Everything is measured in small integers (uint8), a column each. A cross asks up
to `DEPTH` questions of the kind "is this column, so many lines from here, above
that border?", and has a row of four weights for each combination of answers.
"""

from classifier.kernels.first_layer.feature_layout import (
    BEGINNING,
    BLANK_BEFORE,
    CAPITALS,
    DIGITS,
    ENDING,
    FACT_NAMES,
    INDENT,
    LENGTH,
    N_FACTS,
    OUTLOOK_NAMES,
    TITLE_CASE,
    WORDS,
)

LABEL_NAMES = ("content", "navigation", "paywall", "sponsored")
# Scores of the layer before enter in eighths, from -16 on.
SCORE_STEPS, SCORE_ZERO = 8, 128

# What is averaged over lines: label probabilities by the layer before, then shape.
TRACE_NAMES = (
    *(f"p_{label}" for label in LABEL_NAMES),
    "length",
    "sentence_end",
    "bullet",
    "title_case",
)
N_TRACES = len(TRACE_NAMES)
DECAYS = (0.5, 0.8, 0.95)  # weight of the past at each line further away
OUTLOOK_DECAYS = DECAYS[1:]
N_RECENT = len(DECAYS) * N_TRACES
MEAN_STEPS = 255.99  # a mean between 0 and 1 becomes 0–255
MASS_STEPS = 32  # share of the document's content before a line
POSITION_STEPS = 32

COLUMN_NAMES = (
    *(f"score of {label}" for label in LABEL_NAMES),
    *FACT_NAMES,
    *(f"{trace} before, fading by {decay}" for decay in DECAYS for trace in TRACE_NAMES),
    *(f"{trace} after, fading by {decay}" for decay in DECAYS for trace in TRACE_NAMES),
    "content before",
    "lines before",
    "lines after",
    "lines of the page",
    "position",
    "content of the page",
    "lines since content",
    "lines until content",
    "repetition",
    *(f"mean {trace} of the page" for trace in TRACE_NAMES),
    *(f"highest {trace} of the page" for trace in TRACE_NAMES[:4]),
    # A block is a run of lines without a blank line between them.
    "place in the block",
    "lines of the block",
    *(f"score of {label} of the block's first line" for label in LABEL_NAMES),
    *(f"mean {trace} of the block" for trace in TRACE_NAMES[:4]),
    "highest p_paywall of the block",
    "highest p_sponsored of the block",
    # A list is a run of lines that begin and are indented alike.
    "place in the list",
    "lines of the list",
    *(f"score of {label} above the list" for label in LABEL_NAMES),
    *(f"mean {trace} of the list" for trace in TRACE_NAMES[:4]),
    *(f"first-layer score of {label}" for label in LABEL_NAMES),
    # Kin of a line are the page's other lines with the same words, see `kinship`.
    *(f"kinship with {label}" for label in LABEL_NAMES),
    *(f"{label} among kin" for label in LABEL_NAMES[:3]),
    "kinship",
    # What the words of other lines, of the line itself and of all say of those around.
    *(
        f"{outlook} {side}, fading by {decay}"
        for side in ("before", "after")
        for decay in OUTLOOK_DECAYS
        for outlook in OUTLOOK_NAMES
    ),
    *(f"outlook of {outlook}" for outlook in OUTLOOK_NAMES),
    *(f"mean {outlook} of the page" for outlook in OUTLOOK_NAMES),
)
N_COLUMNS = len(COLUMN_NAMES)
SCORES = 0
FACTS = 4
BEFORE = FACTS + N_FACTS
AFTER = BEFORE + N_RECENT
PLACE = AFTER + N_RECENT
(
    CONTENT_BEFORE,
    LINES_BEFORE,
    LINES_AFTER,
    PAGE_LINES,
    POSITION,
    PAGE_CONTENT,
    SINCE_CONTENT,
    UNTIL_CONTENT,
    REPETITION,
) = range(PLACE, PLACE + 9)
PAGE = PLACE + 9
BLOCK = PAGE + N_TRACES + 4
LIST = BLOCK + 12
WORD_SCORES = LIST + 10
KIN = WORD_SCORES + 4
OUTLOOK = KIN + 8
OWN_OUTLOOK = OUTLOOK + 4 * len(OUTLOOK_NAMES)

# A cross sees every column at the line itself, and these at lines nearby.
WINDOW = 4
NEAR_FACTS = (LENGTH, ENDING, BEGINNING, CAPITALS, DIGITS, WORDS, INDENT, TITLE_CASE, BLANK_BEFORE)
NEAREST = (*range(SCORES, SCORES + 4), *(FACTS + fact for fact in NEAR_FACTS), REPETITION)
OUTLOOKS = tuple(range(OWN_OUTLOOK, OWN_OUTLOOK + len(OUTLOOK_NAMES)))
NEARBY = {
    1: (*NEAREST, *OUTLOOKS),
    2: NEAREST,
    3: (*range(4), FACTS + LENGTH, FACTS + ENDING),
    4: range(4),
}
# (column, distance): distance 1 is the line below.
INPUTS = (
    *((column, 0) for column in range(N_COLUMNS)),
    *(
        (column, side * distance)
        for distance, columns in NEARBY.items()
        for side in (-1, 1)
        for column in columns
    ),
)
N_INPUTS = len(INPUTS)

DEPTH = 6  # questions of a cross
CELLS = 1 << DEPTH
