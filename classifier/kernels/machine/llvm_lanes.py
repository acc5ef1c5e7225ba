"""What `lanes` offers, as LLVM code for vector registers."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from classifier.kernels.machine.llvm_registers import Lanes, address_of, places_of, repeated

FOUR, EIGHT, SIXTEEN = (Lanes(types.float32, n) for n in (4, 8, 16))
FOUR_COUNTS, EIGHT_COUNTS = (Lanes(types.int32, n) for n in (4, 8))
EIGHT_SHORTS = Lanes(types.uint16, 8)


def _loader(lanes: Lanes) -> Any:
    @intrinsic
    def load(typingctx: Any, array: Any, i: Any) -> Any:
        def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.load(address_of(context, builder, sig.args, args, lanes), align=4)

        return lanes(array, types.int64), emit

    return load


def _repeater(lanes: Lanes) -> Any:
    @intrinsic
    def repeat(typingctx: Any, value: Any) -> Any:
        def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return repeated(builder, lanes, args[0])

        return lanes(types.float32), emit

    return repeat


four, eight, sixteen = (_loader(lanes) for lanes in (FOUR, EIGHT, SIXTEEN))
four_counts, eight_shorts = _loader(FOUR_COUNTS), _loader(EIGHT_SHORTS)
four_of, eight_of = _repeater(FOUR), _repeater(EIGHT)


@intrinsic
def like(typingctx: Any, lanes: Any, value: Any) -> Any:
    """Repeat a float32 as often as there are lanes."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return repeated(builder, lanes, args[1])

    return lanes(lanes, types.float32), emit


@intrinsic
def put_lanes(typingctx: Any, array: Any, i: Any, lanes: Any) -> Any:
    """Store lanes from element `i` of an array on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], address_of(context, builder, sig.args, args, lanes), align=4)
        return context.get_dummy_value()

    return types.void(array, types.int64, lanes), emit


@intrinsic
def put_bytes(typingctx: Any, array: Any, i: Any, lanes: Any) -> Any:
    """Store float32 lanes, from 0 to below 256, as bytes from element `i` of an array on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        whole = builder.fptosi(args[2], Lanes(types.int32, lanes.n).to_llvm())
        kind = Lanes(types.uint8, lanes.n)
        place = address_of(context, builder, sig.args, args, kind)
        builder.store(builder.trunc(whole, kind.to_llvm()), place, align=1)
        return context.get_dummy_value()

    return types.void(array, types.int64, lanes), emit


@intrinsic
def put_columns(typingctx: Any, array: Any, i: Any, stride: Any, rows: Any, j: Any) -> Any:
    """Store eight rows of eight bytes, from ``rows[j]`` on, as columns `stride` bytes apart."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        block = address_of(context, builder, sig.args[3:], args[3:], Lanes(types.uint8, 64))
        found = builder.load(block, align=1)
        turned = places_of(*(8 * (k % 8) + k // 8 for k in range(64)))
        columns = Lanes(types.int64, 8)
        words = builder.bitcast(builder.shuffle_vector(found, found, turned), columns.to_llvm())
        place = args[1]
        for k in range(8):
            at = address_of(context, builder, sig.args, [args[0], place], Lanes(types.int64, 1))
            word = builder.extract_element(words, ir.IntType(32)(k))
            builder.store(word, builder.bitcast(at, word.type.as_pointer()), align=1)
            place = builder.add(place, args[2])
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64, rows, types.int64), emit


@intrinsic
def put_turned(
    typingctx: Any, array: Any, i: Any, step: Any, a: Any, b: Any, c: Any, d: Any
) -> Any:
    """Store four times four lanes as columns: each row of four `step` elements after the last."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        first, second, third, fourth = args[3:]
        place = args[1]
        for half in (0, 2):
            mixed = places_of(half, 4 + half, 1 + half, 5 + half)
            left = builder.shuffle_vector(first, second, mixed)
            right = builder.shuffle_vector(third, fourth, mixed)
            for start in (0, 2):
                row = builder.shuffle_vector(
                    left, right, places_of(start, 1 + start, 4 + start, 5 + start)
                )
                at = address_of(context, builder, sig.args, [args[0], place], FOUR_COUNTS)
                builder.store(row, at, align=4)
                place = builder.add(place, args[2])
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64, *[FOUR_COUNTS] * 4), emit


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
