"""What `lane_functions` offers, as LLVM code for vector registers."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from classifier.kernels.machine.llvm_lanes import EIGHT, EIGHT_SHORTS, FOUR
from classifier.kernels.machine.llvm_registers import Lanes, places_of

EIGHT_COUNTS = Lanes(types.int32, 8)


def _emitted_by(emit: Callable[..., Any], result: Any, *parameters: Any) -> Any:
    """Make a function for kernels from one that emits its LLVM code."""
    typed = (
        result(*parameters),
        lambda context, builder, sig, args: emit(builder, *args),
    )
    by_arity = {
        1: lambda typingctx, a: typed,
        2: lambda typingctx, a, b: typed,
    }
    return intrinsic(by_arity[len(parameters)])


def _of_any(emit: Callable[..., Any], n: int = 1) -> Any:
    """Make a function from `n` lanes to lanes, however many they are."""

    def typed(lanes: Any) -> Any:
        return lanes(*[lanes] * n), lambda context, builder, sig, args: emit(builder, *args)

    by_arity = {1: lambda typingctx, a: typed(a), 2: lambda typingctx, a, b: typed(a)}
    return intrinsic(by_arity[n])


def _floor(builder: Any, lanes: Any) -> Any:
    kind = ir.FunctionType(lanes.type, [lanes.type])
    name = f"llvm.floor.v{lanes.type.count}f32"
    return builder.call(builder.module.declare_intrinsic(name, (), kind), [lanes])


def _whole(lanes: Any, value: int | None = None) -> Any:
    """Return the type of as many integers, or one of them repeated."""
    kind = Lanes(types.int32, lanes.type.count).to_llvm()
    return kind if value is None else ir.Constant(kind, [value] * lanes.type.count)


def _power_of_two(builder: Any, lanes: Any) -> Any:
    exponent = builder.add(builder.fptosi(lanes, _whole(lanes)), _whole(lanes, 127))
    return builder.bitcast(builder.shl(exponent, _whole(lanes, 23)), lanes.type)


def _exponent(builder: Any, lanes: Any) -> Any:
    biased = builder.lshr(builder.bitcast(lanes, _whole(lanes)), _whole(lanes, 23))
    return builder.sitofp(builder.sub(biased, _whole(lanes, 127)), lanes.type)


def _mantissa(builder: Any, lanes: Any) -> Any:
    bits = builder.bitcast(lanes, _whole(lanes))
    fraction = builder.and_(bits, _whole(lanes, 0x7FFFFF))
    return builder.bitcast(builder.or_(fraction, _whole(lanes, 127 << 23)), lanes.type)


def _swapped(step: int) -> Callable[..., Any]:
    """Emit lanes in which each one and that `step` aside, within its four, change places."""

    def emit(builder: Any, lanes: Any) -> Any:
        return builder.shuffle_vector(
            lanes, lanes, places_of(*(k ^ step for k in range(lanes.type.count)))
        )

    return emit


def _greatest(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", a, b), a, b)


def _least(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.fcmp_ordered("<", a, b), a, b)


def _place_of_highest(builder: Any, lanes: Any) -> Any:
    low, high = (
        builder.shuffle_vector(lanes, lanes, places_of(start, start + 1)) for start in (0, 2)
    )
    two = _greatest(builder, low, high)
    swapped = builder.shuffle_vector(two, two, places_of(1, 0))
    top = _greatest(builder, two, swapped)
    tops = builder.shuffle_vector(top, top, places_of(0, 1, 0, 1))
    flags = builder.bitcast(builder.fcmp_ordered("==", lanes, tops), ir.IntType(4))
    found = builder.or_(flags, flags.type(8))  # never none, even without an order (NaN)
    return builder.cttz(builder.zext(found, ir.IntType(64)), ir.IntType(1)(0))


@intrinsic
def as_floats(typingctx: Any, counts: Any) -> Any:
    """Convert int32 to float32."""
    floats = Lanes(types.float32, counts.n)

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.sitofp(args[0], floats.to_llvm())

    return floats(counts), emit


def _half(start: int) -> Callable[..., Any]:
    """Emit four of eight lanes."""
    return lambda builder, lanes: builder.shuffle_vector(
        lanes, lanes, places_of(*range(start, start + 4))
    )


eight_bytes = _emitted_by(
    lambda builder, packed: builder.zext(
        builder.bitcast(packed, ir.VectorType(ir.IntType(8), 8)), EIGHT_SHORTS.to_llvm()
    ),
    EIGHT_SHORTS,
    types.uint64,
)
as_counts = _emitted_by(
    lambda builder, shorts: builder.zext(shorts, EIGHT_COUNTS.to_llvm()),
    EIGHT_COUNTS,
    EIGHT_SHORTS,
)
first_four, last_four = (_emitted_by(_half(start), FOUR, EIGHT) for start in (0, 4))
greatest, least = _of_any(_greatest, 2), _of_any(_least, 2)
beside, across = _of_any(_swapped(1)), _of_any(_swapped(2))
lane = _emitted_by(
    lambda builder, lanes, i: builder.extract_element(lanes, i),
    types.float32,
    FOUR,
    types.int64,
)
floor, power_of_two = _of_any(_floor), _of_any(_power_of_two)
exponent, mantissa = _of_any(_exponent), _of_any(_mantissa)
place_of_highest = _emitted_by(_place_of_highest, types.int64, FOUR)
