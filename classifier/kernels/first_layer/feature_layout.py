"""Numbers that the kernels, the feature names and the reference agree on."""

# Raised whenever a feature changes its meaning: models of another version are refused.
FEATURES_VERSION = 6

# A line longer than HEAD_BYTES + TAIL_BYTES is read at its two ends only: what
# stands in the middle of a long paragraph does not change its label, and
# reading it would cost most of the time on prose.
HEAD_BYTES = 256
TAIL_BYTES = 64
GROUP_TOKENS = 256  # lines are scored together once they have so many tokens
TOKEN_CAPACITY = GROUP_TOKENS + 3 * (HEAD_BYTES + TAIL_BYTES) + 16
# Terms are what lines of a page are compared by: words of some length, and pairs of
# unspaced characters. A term is 28 bits of a hash, and 4 of a weight: the longer a word,
# the rarer it is, and the more it says that two lines share it.
LINE_TERMS = 12  # so many are kept of a line
TERM_MIN_BYTES = 4
TERM_WEIGHT_BITS = 4
TERM_MAX_WEIGHT = (1 << TERM_WEIGHT_BITS) - 1
PAIR_WEIGHT = 6

# The first layer scores a line for each label, then for each outlook: whether the line below
# is content, the line above, most of the eight lines above, and much of the page. A heading,
# a byline or a reply button tells more of the lines around than of itself.
OUTLOOK_NAMES = ("content_below", "content_above", "text_above", "text_page")
N_SCORES = 4 + len(OUTLOOK_NAMES)

# Facts: small integers (buckets) measured on every line; see `measures.measure`.
FACT_NAMES = (
    "length",
    "words",
    "capitals",
    "digits",
    "marks",
    "ending",
    "beginning",
    "indent",
    "title_case",
    "unspaced",
    "blank_before",
    "separators",
)
FACT_SIZES = (16, 12, 9, 7, 7, 16, 12, 5, 4, 4, 4, 4)
N_FACTS = len(FACT_NAMES)
(
    LENGTH,
    WORDS,
    CAPITALS,
    DIGITS,
    MARKS,
    ENDING,
    BEGINNING,
    INDENT,
    TITLE_CASE,
    UNSPACED_SHARE,
    BLANK_BEFORE,
    SEPARATORS,
) = range(N_FACTS)

# Patterns: bits of one integer a line.
PATTERN_NAMES = (
    "price",
    "currency",
    "date",
    "time",
    "year",
    "url",
    "email",
    "placeholder",
    "glued",
    "percent",
    "handle",
    "copyright",
    "long_number",
    "ellipsis",
    "truncated_read",
    "arrow",
)
N_PATTERNS = len(PATTERN_NAMES)
(
    PRICE,
    CURRENCY_SIGN,
    DATE,
    TIME,
    YEAR,
    URL,
    EMAIL,
    PLACEHOLDER,
    GLUED,
    PERCENT,
    HANDLE,
    COPYRIGHT,
    LONG_NUMBER,
    ELLIPSIS,
    TRUNCATED_READ,
    ARROW,
) = (1 << bit for bit in range(N_PATTERNS))

# Pairs of facts that get a weight for each combination.
FACT_PAIRS = (
    (LENGTH, ENDING),
    (LENGTH, BEGINNING),
    (WORDS, TITLE_CASE),
    (LENGTH, DIGITS),
    (LENGTH, CAPITALS),
    (BEGINNING, INDENT),
    (LENGTH, BLANK_BEFORE),
    (ENDING, UNSPACED_SHARE),
)
FACT_STARTS = tuple(sum(FACT_SIZES[:i]) for i in range(N_FACTS))
PATTERN_START = sum(FACT_SIZES)
PAIR_STARTS = tuple(
    PATTERN_START + N_PATTERNS + sum(FACT_SIZES[a] * FACT_SIZES[b] for a, b in FACT_PAIRS[:i])
    for i in range(len(FACT_PAIRS))
)
N_SHAPE_FEATURES = PAIR_STARTS[-1] + FACT_SIZES[FACT_PAIRS[-1][0]] * FACT_SIZES[FACT_PAIRS[-1][1]]

# For adding up: a table for each pair, with the weights of its facts folded in, and
# one for the two facts that are in no pair.
SHAPE_TABLES = (*FACT_PAIRS, (MARKS, SEPARATORS))
TABLE_STARTS = tuple(
    N_PATTERNS + sum(FACT_SIZES[a] * FACT_SIZES[b] for a, b in SHAPE_TABLES[:i])
    for i in range(len(SHAPE_TABLES))
)
N_SHAPE_ROWS = TABLE_STARTS[-1] + FACT_SIZES[MARKS] * FACT_SIZES[SEPARATORS]
