"""What `byte_lanes` offers, as LLVM code for processors that can look up bytes in a table."""

import functools
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from classifier.kernels.machine.byte_lanes import BYTES, TABLE
from classifier.kernels.machine.llvm_registers import Lanes, address_of, places_of, repeated
from classifier.kernels.machine.native import table_lookup

QUARTER = Lanes(types.uint8, 16)  # of a table
CELLS = Lanes(types.uint8, BYTES)
SUMS = Lanes(types.uint16, BYTES // 2)
FOURS = Lanes(types.int32, BYTES // 4)


@intrinsic
def bytes_at(typingctx: Any, array: Any, i: Any) -> Any:
    """Return the bytes from element `i` of an array on, one for each line."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = address_of(context, builder, sig.args, args, CELLS)
        return builder.load(place, align=1)

    return CELLS(array, types.int64), emit


@intrinsic
def no_sums(typingctx: Any) -> Any:
    """Return sums of nothing, one for two lines."""
    return SUMS(), lambda context, builder, sig, args: ir.Constant(SUMS.to_llvm(), None)


@intrinsic
def flagged(typingctx: Any, cells: Any, array: Any, i: Any, borders: Any, bit: Any) -> Any:
    """Add `bit` to those cells whose byte, from ``array[i]`` on, is above a border.

    `borders` is the border four times, for processors repeat four bytes faster than one.
    """

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = CELLS.to_llvm()
        place = address_of(context, builder, sig.args[1:], args[1:], CELLS)
        border = builder.bitcast(repeated(builder, FOURS, args[3]), kind)
        above = builder.icmp_unsigned(">", builder.load(place, align=1), border)
        # Not "or": there is an instruction that adds to some bytes only.
        more = builder.add(args[0], repeated(builder, CELLS, args[4]))
        return builder.select(above, more, args[0])

    return CELLS(CELLS, array, types.int64, types.int32, types.uint8), emit


@intrinsic
def looked_up(typingctx: Any, array: Any, i: Any, cells: Any) -> Any:
    """Return for each cell its entry in the table of 64 bytes from ``array[i]`` on."""
    found_by = {"vbmi": _by_vbmi, "avx2": _by_avx2, "neon": _by_neon}[str(table_lookup())]

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        def part(start: int, lanes: Lanes) -> Any:
            place = [args[0], builder.add(args[1], args[1].type(start))]
            return builder.load(address_of(context, builder, sig.args, place, lanes), align=1)

        return found_by(builder, part, args[2])

    return CELLS(array, types.int64, CELLS), emit


def _by_vbmi(builder: Any, part: Any, cells: Any) -> Any:
    return _called(builder, "llvm.x86.avx512.permvar.qi.512", part(0, CELLS), cells)


def _by_avx2(builder: Any, part: Any, cells: Any) -> Any:
    """Look up all cells in each quarter of the table, which has only those of its own."""
    places = _modulo_table(builder, cells)
    found = []
    for k in range(0, TABLE, 16):
        quarter = part(k, QUARTER)
        twice = builder.shuffle_vector(quarter, quarter, places_of(*range(16), *range(16)))
        # 0 to 15 become 112 to 127, of which the last four bits count; from 128 on, the
        # instruction returns 0.
        own = builder.xor(places, _filled(places, k))
        own = builder.add(own, _filled(places, 112))
        found.append(_called(builder, "llvm.x86.avx2.pshuf.b", twice, own))
    return functools.reduce(builder.or_, found)


def _by_neon(builder: Any, part: Any, cells: Any) -> Any:
    quarters = [part(k, QUARTER) for k in range(0, TABLE, 16)]
    places = _modulo_table(builder, cells)
    halves = [
        builder.shuffle_vector(places, places, places_of(*half))
        for half in (range(16), range(16, 32))
    ]
    name = "llvm.aarch64.neon.tbl4.v16i8"
    found = [_called(builder, name, *quarters, half) for half in halves]
    return builder.shuffle_vector(*found, places_of(*range(BYTES)))


def _called(builder: Any, name: str, *lanes: Any) -> Any:
    """Emit an instruction on lanes of one type."""
    kind = ir.FunctionType(lanes[-1].type, [one.type for one in lanes])
    return builder.call(builder.module.declare_intrinsic(name, (), kind), lanes)


def _filled(like: Any, byte: int) -> Any:
    return ir.Constant(like.type, [byte] * like.type.count)


def _modulo_table(builder: Any, cells: Any) -> Any:
    return builder.and_(cells, _filled(cells, TABLE - 1))


@intrinsic
def pairs(typingctx: Any, found: Any) -> Any:
    """Return bytes as numbers of 16 bits: an even byte, and 256 times the odd one behind it."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.bitcast(args[0], SUMS.to_llvm())

    return SUMS(CELLS), emit


@intrinsic
def odd_bytes(typingctx: Any, found: Any) -> Any:
    """Return every second byte, from the second on, as 16 bits."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pairs = builder.bitcast(args[0], SUMS.to_llvm())
        return builder.lshr(pairs, ir.Constant(pairs.type, [8] * SUMS.n))

    return SUMS(CELLS), emit


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
    """Add sums to the integers (int32) from ``array[i]`` on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        whole = Lanes(types.int32, SUMS.n)
        place = address_of(context, builder, sig.args, args, whole)
        before = builder.load(place, align=4)
        added = builder.add(before, builder.zext(args[2], whole.to_llvm()))
        builder.store(added, place, align=4)
        return context.get_dummy_value()

    return types.void(array, types.int64, SUMS), emit
