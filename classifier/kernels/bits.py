"""Machine instructions that Python has no word for: unaligned loads, bit counts.

Each has a plain form for runs with the JIT off, so that the kernels behave the
same as ordinary Python.
"""

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

if numba.config.DISABLE_JIT:

    def load8(data: Any, i: int) -> Any:
        """Return the 8 bytes from ``data[i]`` on as one little-endian uint64."""
        return np.uint64(int.from_bytes(data[i : i + 8].tobytes(), "little"))

    def at(array: Any, i: int) -> Any:
        """Return ``array[i]`` for an `i` that is known to be inside."""
        return array[i]

    def flat_at(array: Any, i: int) -> Any:
        """Return element `i` of a contiguous array of any shape."""
        return array.reshape(-1)[i]

    def float_from_bits(bits: Any) -> Any:
        """Return the float32 whose bits are those of an int32."""
        return np.int32(bits).view(np.float32)

    def count_ones(value: Any) -> int:
        """Return the number of one bits of a uint64."""
        return int(value).bit_count()

    def trailing_zeros(value: Any) -> int:
        """Return the number of zero bits below the lowest one bit (64 for 0)."""
        number = int(value)
        return (number & -number).bit_length() - 1 if number else 64

else:

    @intrinsic
    def load8(typingctx: Any, data: Any, i: Any) -> Any:
        """Return the 8 bytes from ``data[i]`` on as one little-endian uint64."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, args[0])
            place = cgutils.gep(builder, array.data, args[1])
            pointer = builder.bitcast(place, ir.IntType(64).as_pointer())
            return builder.load(pointer, align=1)

        return types.uint64(data, types.int64), codegen

    @intrinsic
    def at(typingctx: Any, array: Any, i: Any) -> Any:
        """Return ``array[i]`` for an `i` that is known to be inside (no wrap-around)."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            made = context.make_array(signature.args[0])(context, builder, args[0])
            return builder.load(cgutils.gep(builder, made.data, args[1]))

        return array.dtype(array, types.int64), codegen

    @intrinsic
    def flat_at(typingctx: Any, array: Any, i: Any) -> Any:
        """Return element `i` of a contiguous array of any shape."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            made = context.make_array(signature.args[0])(context, builder, args[0])
            return builder.load(cgutils.gep(builder, made.data, args[1]))

        return array.dtype(array, types.int64), codegen

    @intrinsic
    def float_from_bits(typingctx: Any, bits: Any) -> Any:
        """Return the float32 whose bits are those of an int32."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.bitcast(args[0], ir.FloatType())

        return types.float32(types.int32), codegen

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
