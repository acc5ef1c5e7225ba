"""What `byte_lanes` offers, as LLVM code for processors with AVX-512 VBMI."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from classifier.kernels.machine.byte_lanes import BYTES
from classifier.kernels.machine.llvm_registers import Lanes, address_of, repeated

SIXTY_FOUR = Lanes(types.uint8, BYTES)
SUMS = Lanes(types.uint16, BYTES // 2)
FOURS = Lanes(types.int32, BYTES // 4)


@intrinsic
def bytes_at(typingctx: Any, array: Any, i: Any) -> Any:
    """Return the 64 bytes from element `i` of an array on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = address_of(context, builder, sig.args, args, SIXTY_FOUR)
        return builder.load(place, align=1)

    return SIXTY_FOUR(array, types.int64), emit


@intrinsic
def no_sums(typingctx: Any) -> Any:
    """Return 32 sums of nothing."""
    return SUMS(), lambda context, builder, sig, args: ir.Constant(SUMS.to_llvm(), None)


@intrinsic
def flagged(typingctx: Any, cells: Any, array: Any, i: Any, borders: Any, bit: Any) -> Any:
    """Add `bit` to those of 64 cells whose byte, from ``array[i]`` on, is above a border.

    `borders` is the border four times, for processors repeat four bytes faster than one.
    """

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = SIXTY_FOUR.to_llvm()
        place = address_of(context, builder, sig.args[1:], args[1:], SIXTY_FOUR)
        border = builder.bitcast(repeated(builder, FOURS, args[3]), kind)
        above = builder.icmp_unsigned(">", builder.load(place, align=1), border)
        # Not "or": there is an instruction that adds to some bytes only.
        more = builder.add(args[0], repeated(builder, SIXTY_FOUR, args[4]))
        return builder.select(above, more, args[0])

    return SIXTY_FOUR(SIXTY_FOUR, array, types.int64, types.int32, types.uint8), emit


@intrinsic
def looked_up(typingctx: Any, table: Any, cells: Any) -> Any:
    """Return for each of 64 cells its entry in a table of 64 bytes; cells count modulo 64."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = SIXTY_FOUR.to_llvm()
        function = builder.module.declare_intrinsic(
            "llvm.x86.avx512.permvar.qi.512", (), ir.FunctionType(kind, [kind, kind])
        )
        return builder.call(function, args)

    return SIXTY_FOUR(SIXTY_FOUR, SIXTY_FOUR), emit


@intrinsic
def pairs(typingctx: Any, found: Any) -> Any:
    """Return 64 bytes as 32 numbers of 16 bits: an even byte, and 256 times the odd one."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.bitcast(args[0], SUMS.to_llvm())

    return SUMS(SIXTY_FOUR), emit


@intrinsic
def odd_bytes(typingctx: Any, found: Any) -> Any:
    """Return every second of 64 bytes, from the second on, as 16 bits each."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pairs = builder.bitcast(args[0], SUMS.to_llvm())
        return builder.lshr(pairs, ir.Constant(pairs.type, [8] * SUMS.n))

    return SUMS(SIXTY_FOUR), emit


@intrinsic
def even_sums(typingctx: Any, of_pairs: Any, of_odd: Any) -> Any:
    """Return the sums of even bytes, given those of `pairs` and of odd bytes.

    Modulo 2**16, which is more than they can be.
    """

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        raised = builder.shl(args[1], ir.Constant(args[1].type, [8] * SUMS.n))
        return builder.sub(args[0], raised)

    return SUMS(SUMS, SUMS), emit


@intrinsic
def add_sums(typingctx: Any, array: Any, i: Any, sums: Any) -> Any:
    """Add 32 sums to the integers (int32) from ``array[i]`` on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        whole = Lanes(types.int32, SUMS.n)
        place = address_of(context, builder, sig.args, args, whole)
        before = builder.load(place, align=4)
        added = builder.add(before, builder.zext(args[2], whole.to_llvm()))
        builder.store(added, place, align=4)
        return context.get_dummy_value()

    return types.void(array, types.int64, SUMS), emit
