"""What `lanes` offers, as LLVM code for vector registers."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from classifier.kernels.machine.llvm_registers import Lanes, address_of, places_of, repeated

FOUR, EIGHT, SIXTEEN = (Lanes(types.float32, n) for n in (4, 8, 16))
FOUR_COUNTS = Lanes(types.int32, 4)
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
