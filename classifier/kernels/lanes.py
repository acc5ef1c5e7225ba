"""Small vectors of numbers, computed lane by lane in one machine instruction.

LLVM does not find by itself that the four labels of a row can be added at
once. A value of a type `Lanes` is a vector register; ``+ - * /`` work on it as
on a small numpy array, which is what it is with the JIT off. Arrays are seen
as flat, and indices are known to be inside.
"""

import operator
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

if numba.config.DISABLE_JIT:

    def _loader(n: int) -> Callable[[Any, int], Any]:
        return lambda array, i: array.reshape(-1)[i : i + n].copy()

    def _repeater(n: int) -> Callable[[Any], Any]:
        return lambda value: np.full(n, value, np.float32)

    # Load float32 from element `i` of an array on; repeat one.
    four, eight, sixteen = _loader(4), _loader(8), _loader(16)
    four_of, eight_of, sixteen_of = _repeater(4), _repeater(8), _repeater(16)
    four_counts = four  # of int32

    def put_lanes(array: Any, i: int, lanes: Any) -> None:
        """Store lanes from element `i` of an array on."""
        array.reshape(-1)[i : i + len(lanes)] = lanes

    def four_bytes(packed: Any) -> Any:
        """Unpack the bytes of a uint32, the lowest first, to int32."""
        return np.array([int(packed) >> shift & 0xFF for shift in (0, 8, 16, 24)], np.int32)

    def as_floats(counts: Any) -> Any:
        """Convert four int32 to float32."""
        return counts.astype(np.float32)

    def greatest(a: Any, b: Any) -> Any:
        """Return the greater of each pair of lanes."""
        return np.maximum(a, b)

    def least(a: Any, b: Any) -> Any:
        """Return the smaller of each pair of lanes."""
        return np.minimum(a, b)

    def floor(four_lanes: Any) -> Any:
        """Round four float32 down."""
        return np.floor(four_lanes)

    def power_of_two(four_lanes: Any) -> Any:
        """Return 2 to the power of four whole numbers from -126 to 127."""
        return np.ldexp(np.float32(1), four_lanes.astype(np.int32))

    def lane(four_lanes: Any, i: int) -> Any:
        """Return lane `i`."""
        return four_lanes[i]

    def total(four_lanes: Any) -> Any:
        """Add up four float32."""
        return (four_lanes[0] + four_lanes[2]) + (four_lanes[1] + four_lanes[3])

    def highest(four_lanes: Any) -> Any:
        """Return the greatest of four float32."""
        return four_lanes.max()

    def place_of_highest(four_lanes: Any) -> int:
        """Return which of four float32 is the greatest (the first if some are equal)."""
        return int(np.argmax(four_lanes))

    def totals(a: Any, b: Any, c: Any, d: Any) -> Any:
        """Add up 16 float32 in each of four arguments."""
        return np.stack([a, b, c, d]).sum(axis=1)

else:

    class Lanes(types.Type):
        """`n` numbers of one type in one register."""

        def __init__(self, dtype: Any, n: int) -> None:
            self.dtype = dtype
            self.n = n
            super().__init__(f"Lanes({dtype}, {n})")

        def to_llvm(self) -> Any:
            """Return the LLVM vector."""
            element = ir.FloatType() if self.dtype == types.float32 else ir.IntType(32)
            return ir.VectorType(element, self.n)

    @register_model(Lanes)
    class LanesModel(models.PrimitiveModel):
        """Lanes as an LLVM vector."""

        def __init__(self, manager: Any, lanes: Lanes) -> None:
            super().__init__(manager, lanes, lanes.to_llvm())

    FOUR, EIGHT, SIXTEEN = (Lanes(types.float32, n) for n in (4, 8, 16))
    COUNTS = Lanes(types.int32, 4)

    def _operator(function: Any, of_floats: str, of_integers: str) -> None:
        """Teach numba an operator on two lanes of one type."""

        @infer_global(function)
        class Operation(AbstractTemplate):
            key = function

            def generic(self, args: Any, kws: Any) -> Any:
                known = len(args) == 2 and isinstance(args[0], Lanes) and args[0] == args[1]
                return signature(args[0], *args) if known else None

        @lower_builtin(function, Lanes, Lanes)
        def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            if sig.return_type.dtype == types.float32:
                # "contract": a product and a sum may become one instruction.
                return getattr(builder, of_floats)(*args, flags=("contract",))
            return getattr(builder, of_integers)(*args)

    _operator(operator.add, "fadd", "add")
    _operator(operator.sub, "fsub", "sub")
    _operator(operator.mul, "fmul", "mul")
    _operator(operator.truediv, "fdiv", "sdiv")

    def _places(*places: int) -> Any:
        return ir.Constant(ir.VectorType(ir.IntType(32), len(places)), places)

    def _address(context: Any, builder: Any, sig: Any, args: Any, lanes: Lanes) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        return builder.bitcast(builder.gep(data, [args[1]]), lanes.to_llvm().as_pointer())

    def _loader(lanes: Lanes) -> Any:
        @intrinsic
        def load(typingctx: Any, array: Any, i: Any) -> Any:
            def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
                return builder.load(_address(context, builder, sig, args, lanes), align=4)

            return lanes(array, types.int64), emit

        return load

    def _repeater(lanes: Lanes) -> Any:
        @intrinsic
        def repeat(typingctx: Any, value: Any) -> Any:
            def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
                nothing = ir.Constant(lanes.to_llvm(), ir.Undefined)
                one = builder.insert_element(nothing, args[0], ir.IntType(32)(0))
                return builder.shuffle_vector(one, nothing, _places(*[0] * lanes.n))

            return lanes(types.float32), emit

        return repeat

    four, eight, sixteen = (_loader(lanes) for lanes in (FOUR, EIGHT, SIXTEEN))
    four_counts = _loader(COUNTS)
    four_of, eight_of, sixteen_of = (_repeater(lanes) for lanes in (FOUR, EIGHT, SIXTEEN))

    @intrinsic
    def put_lanes(typingctx: Any, array: Any, i: Any, lanes: Any) -> Any:
        """Store lanes from element `i` of an array on."""

        def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            builder.store(args[2], _address(context, builder, sig, args, lanes), align=4)
            return context.get_dummy_value()

        return types.void(array, types.int64, lanes), emit

    def _emitted_by(emit: Callable[..., Any], result: Any, *parameters: Any) -> Any:
        """Make a function for kernels from one that emits its LLVM code."""
        typed = (
            result(*parameters),
            lambda context, builder, sig, args: emit(builder, *args),
        )
        by_arity = {
            1: lambda typingctx, a: typed,
            2: lambda typingctx, a, b: typed,
            4: lambda typingctx, a, b, c, d: typed,
        }
        return intrinsic(by_arity[len(parameters)])

    def _floor(builder: Any, lanes: Any) -> Any:
        kind = ir.FunctionType(lanes.type, [lanes.type])
        function = builder.module.declare_intrinsic("llvm.floor.v4f32", (), kind)
        return builder.call(function, [lanes])

    def _power_of_two(builder: Any, lanes: Any) -> Any:
        whole = builder.fptosi(lanes, COUNTS.to_llvm())
        exponent = builder.add(whole, ir.Constant(whole.type, [127] * 4))
        bits = builder.shl(exponent, ir.Constant(whole.type, [23] * 4))
        return builder.bitcast(bits, lanes.type)

    def _halves(builder: Any, lanes: Any, combine: Any) -> Any:
        n = lanes.type.count
        low, high = (
            builder.shuffle_vector(lanes, lanes, _places(*range(start, start + n // 2)))
            for start in (0, n // 2)
        )
        return combine(low, high)

    def _greatest(builder: Any, a: Any, b: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", a, b), a, b)

    def _least(builder: Any, a: Any, b: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", a, b), a, b)

    def _total(builder: Any, lanes: Any) -> Any:
        two = _halves(builder, lanes, builder.fadd)
        a, b = (builder.extract_element(two, ir.IntType(32)(i)) for i in (0, 1))
        return builder.fadd(a, b)

    def _highest(builder: Any, lanes: Any) -> Any:
        two = _halves(builder, lanes, lambda a, b: _greatest(builder, a, b))
        a, b = (builder.extract_element(two, ir.IntType(32)(i)) for i in (0, 1))
        return _greatest(builder, a, b)

    def _place_of_highest(builder: Any, lanes: Any) -> Any:
        two = _halves(builder, lanes, lambda a, b: _greatest(builder, a, b))
        swapped = builder.shuffle_vector(two, two, _places(1, 0))
        top = _greatest(builder, two, swapped)
        tops = builder.shuffle_vector(top, top, _places(0, 1, 0, 1))
        flags = builder.bitcast(builder.fcmp_ordered("==", lanes, tops), ir.IntType(4))
        found = builder.or_(flags, flags.type(8))  # never none, even without an order (NaN)
        return builder.cttz(builder.zext(found, ir.IntType(64)), ir.IntType(1)(0))

    def _totals(builder: Any, *sixteens: Any) -> Any:
        rows = list(sixteens)
        while rows[0].type.count > 4:
            rows = [_halves(builder, row, builder.fadd) for row in rows]
        # Two rows interleave into one, twice: a lane for each row remains.
        pairs = [(rows[0], rows[2]), (rows[1], rows[3])]
        a, b = (
            builder.fadd(
                builder.shuffle_vector(*pair, _places(0, 4, 1, 5)),
                builder.shuffle_vector(*pair, _places(2, 6, 3, 7)),
            )
            for pair in pairs
        )
        return builder.fadd(
            builder.shuffle_vector(a, b, _places(0, 4, 1, 5)),
            builder.shuffle_vector(a, b, _places(2, 6, 3, 7)),
        )

    four_bytes = _emitted_by(
        lambda builder, packed: builder.zext(
            builder.bitcast(packed, ir.VectorType(ir.IntType(8), 4)), COUNTS.to_llvm()
        ),
        COUNTS,
        types.uint32,
    )
    as_floats = _emitted_by(
        lambda builder, counts: builder.sitofp(counts, FOUR.to_llvm()), FOUR, COUNTS
    )
    greatest = _emitted_by(_greatest, FOUR, FOUR, FOUR)
    least = _emitted_by(_least, FOUR, FOUR, FOUR)
    lane = _emitted_by(
        lambda builder, lanes, i: builder.extract_element(lanes, i),
        types.float32,
        FOUR,
        types.int64,
    )
    floor = _emitted_by(_floor, FOUR, FOUR)
    power_of_two = _emitted_by(_power_of_two, FOUR, FOUR)
    total = _emitted_by(_total, types.float32, FOUR)
    highest = _emitted_by(_highest, types.float32, FOUR)
    totals = _emitted_by(_totals, FOUR, *[SIXTEEN] * 4)
    place_of_highest = _emitted_by(_place_of_highest, types.int64, FOUR)
