"""What `bits` offers, as LLVM code."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def place_of(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Emit the address of element ``args[1]`` of the array ``args[0]``."""
    array = context.make_array(signature.args[0])(context, builder, args[0])
    return cgutils.gep(builder, array.data, args[1])


@intrinsic
def load8(typingctx: Any, data: Any, i: Any) -> Any:
    """Return the 8 bytes from ``data[i]`` on as one little-endian uint64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = place_of(context, builder, signature, args)
        pointer = builder.bitcast(place, ir.IntType(64).as_pointer())
        return builder.load(pointer, align=1)

    return types.uint64(data, types.int64), codegen


@intrinsic
def store8(typingctx: Any, data: Any, i: Any, value: Any) -> Any:
    """Set the 8 bytes from ``data[i]`` on to a little-endian uint64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = place_of(context, builder, signature, args)
        pointer = builder.bitcast(place, ir.IntType(64).as_pointer())
        builder.store(args[2], pointer, align=1)
        return context.get_dummy_value()

    return types.void(data, types.int64, types.uint64), codegen


@intrinsic
def at(typingctx: Any, array: Any, i: Any) -> Any:
    """Return element `i`, known to be inside, of a contiguous array seen as flat."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(place_of(context, builder, signature, args))

    return array.dtype(array, types.int64), codegen


@intrinsic
def put(typingctx: Any, array: Any, i: Any, value: Any) -> Any:
    """Set element `i`, known to be inside, of a contiguous array seen as flat."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], place_of(context, builder, signature, args))
        return context.get_dummy_value()

    return types.void(array, types.int64, array.dtype), codegen


@intrinsic
def prefetch(typingctx: Any, array: Any, i: Any) -> Any:
    """Start to load element `i` of a contiguous array, which will be needed soon."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        number, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        function = builder.module.declare_intrinsic("llvm.prefetch.p0", (), kind)
        place = builder.bitcast(place_of(context, builder, signature, args), pointer)
        # To read, into every level of the cache, data (not code).
        builder.call(function, [place, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), codegen


@intrinsic
def count_ones(typingctx: Any, value: Any) -> Any:
    """Return the number of one bits of a uint64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), codegen


@intrinsic
def trailing_zeros(typingctx: Any, value: Any) -> Any:
    """Return the number of zero bits below the lowest one bit (64 for 0)."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), codegen


@intrinsic
def highest_one(typingctx: Any, value: Any) -> Any:
    """Return the place of the highest one bit (-1 for 0)."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        zeros = builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0))
        return builder.sub(ir.Constant(ir.IntType(64), 63), zeros)

    return types.int64(types.uint64), codegen
