"""What `lanes` offers, as LLVM code for vector registers."""

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model


class Lanes(types.Type):
    """`n` numbers of one type in one register."""

    def __init__(self, dtype: Any, n: int) -> None:
        self.dtype = dtype
        self.n = n
        super().__init__(f"Lanes({dtype}, {n})")

    def to_llvm(self) -> Any:
        """Return the LLVM vector."""
        is_float = self.dtype == types.float32
        element = ir.FloatType() if is_float else ir.IntType(self.dtype.bitwidth)
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


def address_of(context: Any, builder: Any, kinds: Any, args: Any, lanes: Lanes) -> Any:
    """Emit the address of the lanes from element ``args[1]`` of the array ``args[0]`` on."""
    data = context.make_array(kinds[0])(context, builder, args[0]).data
    return builder.bitcast(builder.gep(data, [args[1]]), lanes.to_llvm().as_pointer())


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
        turned = _places(*(8 * (k % 8) + k // 8 for k in range(64)))
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


def _exponent(builder: Any, lanes: Any) -> Any:
    bits = builder.bitcast(lanes, COUNTS.to_llvm())
    biased = builder.lshr(bits, ir.Constant(bits.type, [23] * 4))
    return builder.sitofp(builder.sub(biased, ir.Constant(bits.type, [127] * 4)), lanes.type)


def _mantissa(builder: Any, lanes: Any) -> Any:
    bits = builder.bitcast(lanes, COUNTS.to_llvm())
    fraction = builder.and_(bits, ir.Constant(bits.type, [0x7FFFFF] * 4))
    return builder.bitcast(
        builder.or_(fraction, ir.Constant(bits.type, [127 << 23] * 4)), lanes.type
    )


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
exponent = _emitted_by(_exponent, FOUR, FOUR)
mantissa = _emitted_by(_mantissa, FOUR, FOUR)
total = _emitted_by(_total, types.float32, FOUR)
highest = _emitted_by(_highest, types.float32, FOUR)
totals = _emitted_by(_totals, FOUR, *[SIXTEEN] * 4)
place_of_highest = _emitted_by(_place_of_highest, types.int64, FOUR)
