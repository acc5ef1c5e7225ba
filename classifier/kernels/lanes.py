"""Small vectors of numbers, computed lane by lane in one machine instruction.

LLVM does not find by itself that the four labels of a row can be added at
once. A value of a type `Lanes` is a vector register; ``+ - * /`` work on it as
on a small numpy array, which is what it is with the JIT off. Arrays are seen
as flat, and indices are known to be inside.
"""

import numba

if numba.config.DISABLE_JIT:
    from classifier.kernels.plain_lanes import (
        across,
        as_floats,
        beside,
        eight,
        eight_bytes,
        eight_counts,
        eight_of,
        exponent,
        first_four,
        floor,
        four,
        four_counts,
        four_of,
        greatest,
        lane,
        last_four,
        least,
        like,
        mantissa,
        place_of_highest,
        power_of_two,
        put_bytes,
        put_columns,
        put_lanes,
        sixteen,
    )
else:
    from classifier.kernels.vector_lanes import (
        across,
        as_floats,
        beside,
        eight,
        eight_bytes,
        eight_counts,
        eight_of,
        exponent,
        first_four,
        floor,
        four,
        four_counts,
        four_of,
        greatest,
        lane,
        last_four,
        least,
        like,
        mantissa,
        place_of_highest,
        power_of_two,
        put_bytes,
        put_columns,
        put_lanes,
        sixteen,
    )

__all__ = [
    "across",
    "as_floats",
    "beside",
    "eight",
    "eight_bytes",
    "eight_counts",
    "eight_of",
    "exponent",
    "first_four",
    "floor",
    "four",
    "four_counts",
    "four_of",
    "greatest",
    "lane",
    "last_four",
    "least",
    "like",
    "mantissa",
    "place_of_highest",
    "power_of_two",
    "put_bytes",
    "put_columns",
    "put_lanes",
    "sixteen",
]
