"""Vector registers as a type of numba: operators on them, and their places in arrays."""

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, models, register_model


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


def places_of(*places: int) -> Any:
    """Return numbers of lanes as LLVM's shuffles take them."""
    return ir.Constant(ir.VectorType(ir.IntType(32), len(places)), places)


def address_of(context: Any, builder: Any, kinds: Any, args: Any, lanes: Lanes) -> Any:
    """Emit the address of the lanes from element ``args[1]`` of the array ``args[0]`` on."""
    data = context.make_array(kinds[0])(context, builder, args[0]).data
    return builder.bitcast(builder.gep(data, [args[1]]), lanes.to_llvm().as_pointer())


def repeated(builder: Any, lanes: Lanes, value: Any) -> Any:
    """Emit lanes that all hold one value."""
    nothing = ir.Constant(lanes.to_llvm(), ir.Undefined)
    one = builder.insert_element(nothing, value, ir.IntType(32)(0))
    return builder.shuffle_vector(one, nothing, places_of(*[0] * lanes.n))
