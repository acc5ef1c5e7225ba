"""Sixty-four bytes in one register, and a table of 64 bytes that all of them look up.

For processors with AVX-512 VBMI only; see `crosses`.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from classifier.kernels.vector_lanes import Lanes, address_of

BYTES = 64
SIXTY_FOUR = Lanes(types.uint8, BYTES)
SUMS = Lanes(types.uint16, BYTES // 2)


def _filled(builder: Any, lanes: Lanes, value: Any) -> Any:
    kind = lanes.to_llvm()
    nothing = ir.Constant(kind, ir.Undefined)
    one = builder.insert_element(nothing, value, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes.n), [0] * lanes.n)
    return builder.shuffle_vector(one, nothing, zeros)


@intrinsic
def no_bytes(typingctx: Any) -> Any:
    """Return 64 zeros."""
    return SIXTY_FOUR(), lambda context, builder, sig, args: ir.Constant(SIXTY_FOUR.to_llvm(), None)


@intrinsic
def no_sums(typingctx: Any) -> Any:
    """Return 32 sums of nothing."""
    return SUMS(), lambda context, builder, sig, args: ir.Constant(SUMS.to_llvm(), None)


@intrinsic
def flagged(typingctx: Any, cells: Any, array: Any, i: Any, border: Any, bit: Any) -> Any:
    """Set `bit` in those of 64 cells whose byte, from ``array[i]`` on, is above `border`."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = address_of(context, builder, sig.args[1:], args[1:], SIXTY_FOUR)
        above = builder.icmp_unsigned(
            ">", builder.load(place, align=1), _filled(builder, SIXTY_FOUR, args[3])
        )
        bits = _filled(builder, SIXTY_FOUR, args[4])
        nothing = ir.Constant(SIXTY_FOUR.to_llvm(), None)
        return builder.or_(args[0], builder.select(above, bits, nothing))

    return SIXTY_FOUR(SIXTY_FOUR, array, types.int64, types.uint8, types.uint8), emit


@intrinsic
def looked_up(typingctx: Any, tables: Any, i: Any, cells: Any) -> Any:
    """Return for each of 64 cells its entry in the table of 64 bytes at ``tables[i]``."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = address_of(context, builder, sig.args, args, SIXTY_FOUR)
        kind = SIXTY_FOUR.to_llvm()
        function = builder.module.declare_intrinsic(
            "llvm.x86.avx512.permvar.qi.512", (), ir.FunctionType(kind, [kind, kind])
        )
        return builder.call(function, [builder.load(place, align=1), args[2]])

    return SIXTY_FOUR(tables, types.int64, SIXTY_FOUR), emit


@intrinsic
def even_bytes(typingctx: Any, found: Any) -> Any:
    """Return every second of 64 bytes, from the first on, as 16 bits each."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pairs = builder.bitcast(args[0], SUMS.to_llvm())
        return builder.and_(pairs, ir.Constant(pairs.type, [0xFF] * SUMS.n))

    return SUMS(SIXTY_FOUR), emit


@intrinsic
def odd_bytes(typingctx: Any, found: Any) -> Any:
    """Return every second of 64 bytes, from the second on, as 16 bits each."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pairs = builder.bitcast(args[0], SUMS.to_llvm())
        return builder.lshr(pairs, ir.Constant(pairs.type, [8] * SUMS.n))

    return SUMS(SIXTY_FOUR), emit


@intrinsic
def add_sums(typingctx: Any, array: Any, i: Any, low: Any, high: Any) -> Any:
    """Add ``low + 256 * high`` to the 32 integers (int32) from ``array[i]`` on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        whole = Lanes(types.int32, SUMS.n)
        place = address_of(context, builder, sig.args, args, whole)
        low, high = (builder.zext(half, whole.to_llvm()) for half in args[2:])
        high = builder.shl(high, ir.Constant(high.type, [8] * whole.n))
        before = builder.load(place, align=4)
        builder.store(builder.add(before, builder.add(low, high)), place, align=4)
        return context.get_dummy_value()

    return types.void(array, types.int64, SUMS, SUMS), emit
