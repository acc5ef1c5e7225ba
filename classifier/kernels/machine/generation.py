"""Translate kernels to machine code, with numba.

Left to itself, numba optimizes every function that a kernel is made of, turns it into machine
code, and does so again with all that call it. Here functions are only translated to LLVM's
code; optimized is the kernel, once, with all that it calls.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher, cpu_target
from numba.extending import typeof_impl
from numba.np.arrayobj import populate_array

from classifier.kernels.machine import (
    llvm_bits,
    llvm_blocks,
    llvm_byte_lanes,
    llvm_lane_functions,
    llvm_lanes,
)
from classifier.kernels.machine.jit import Inlined, Instruction, Kernel, Part

# No reference counts: kernels get every array from outside and allocate none, so
# counting would only cost (a tenth of the time, measured). No wrappers for Python either.
OPTIONS = {
    "nopython": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
INSTRUCTIONS = {
    module.__name__.replace(".llvm_", "."): module
    for module in (llvm_bits, llvm_blocks, llvm_byte_lanes, llvm_lane_functions, llvm_lanes)
}
WORD = ir.IntType(64)

_translated: dict[Part, Any] = {}


class _Unoptimized(JITCodeLibrary):
    """LLVM's code of a function, to be linked into kernels: nothing that could run."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    @property
    def codegen(self) -> Any:  # asked only for what follows
        return self

    def set_env(self, name: str, env: Any) -> None:
        pass


class _Translation(CompilerBase):
    """All that numba does with a function but for what `_Unoptimized` leaves out."""

    def define_pipelines(self) -> list[Any]:
        codegen, name = self.state.targetctx.codegen(), self.state.func_id.func_qualname
        self.state.library = _Unoptimized(codegen, name)
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


class _Translated(CPUDispatcher):
    """A function that is translated once for all integers, those that are known by then, too."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        return super().get_call_template(tuple(map(types.unliteral, args)), kws)


def translated(part: Part) -> Any:
    """Return what numba knows a part by.

    Parameters
    ----------
    part : Part

    Returns
    -------
    object
        An intrinsic or a dispatcher; the same one each time.
    """
    if part not in _translated:
        if isinstance(part, Instruction):
            found = getattr(INSTRUCTIONS[part.__module__], part.__name__)
        else:
            options = OPTIONS | {"forceinline": isinstance(part, Inlined)}
            found = _Translated(part.function, targetoptions=options, pipeline_class=_Translation)
        _translated[part] = found
    return _translated[part]


@typeof_impl.register(Part)
def _type_of_part(part: Part, context: Any) -> Any:
    return cpu_target.typing_context.resolve_value_type(translated(part))


@global_compiler_lock
def object_code(kernel: Kernel, arguments: tuple[Any, ...], name: str) -> tuple[bytes, int]:
    """Compile a kernel for the types of some arguments.

    Parameters
    ----------
    kernel : Kernel
    arguments : tuple
        Of these values or others of their types.
    name : str

    Returns
    -------
    code : bytes
        An object file with a function called `name`, which takes two arrays of words: the
        arguments and room for the results.
    n_results : int
    """
    signature = tuple(numba.typeof(argument) for argument in arguments)
    dispatcher = translated(kernel)
    dispatcher.compile(signature)
    found = dispatcher.overloads[signature]
    library = found.target_context.codegen().create_library(name)
    module = library.create_ir_module(name)
    n_results = _emit_entry(found, module, name)
    library.add_ir_module(module)
    library.add_linking_library(found.library)
    library.enable_object_caching()
    with _interrupt_kept():
        library.finalize()
        _, _, (code, _) = library.serialize_using_object_code()
    return bytes(code), n_results


@contextmanager
def _interrupt_kept() -> Iterator[None]:
    """Let an interrupt that Python throws away end this block all the same.

    LLVM takes seconds, and then calls Python with the code: an interrupt that came meanwhile is
    raised there, where nobody can catch it, and the code is lost.
    """
    before = sys.unraisablehook
    interrupts = []

    def hear(thrown_away: Any) -> None:
        if thrown_away.exc_type is KeyboardInterrupt:
            interrupts.append(thrown_away.exc_type)
        else:
            before(thrown_away)

    sys.unraisablehook = hear
    try:
        yield
    finally:
        sys.unraisablehook = before
        if interrupts:
            raise KeyboardInterrupt from None  # not that there is no code


def _emit_entry(found: Any, module: Any, name: str) -> int:
    """Emit a function that unpacks words and calls the compiled one; return its results' number."""
    context, signature = found.target_context, found.signature
    words = WORD.as_pointer()
    kind = ir.FunctionType(ir.IntType(32), [words, words])
    entry = ir.Function(module, kind, name)
    builder = ir.IRBuilder(entry.append_basic_block())
    given, results = entry.args
    place = count()
    arguments = [_unpacked(context, builder, each, given, place) for each in signature.args]
    function = context.declare_function(module, found.fndesc)
    status, result = context.call_conv.call_function(
        builder, function, signature.return_type, signature.args, arguments
    )
    values = _results(context, builder, signature.return_type, result)
    with builder.if_then(status.is_ok):
        for k, value in enumerate(values):
            builder.store(value, cgutils.gep(builder, results, k))
    builder.ret(builder.zext(status.is_error, ir.IntType(32)))
    return len(values)


def _unpacked(context: Any, builder: Any, kind: Any, given: Any, place: Any) -> Any:
    """Emit an argument from its words, of which `place` counts those that are used up."""
    if isinstance(kind, types.BaseTuple):
        members = [_unpacked(context, builder, each, given, place) for each in kind]
        return context.make_tuple(builder, kind, members)
    word = builder.load(cgutils.gep(builder, given, next(place)))
    if isinstance(kind, types.Array):
        return _array(context, builder, kind, word)
    if isinstance(kind, types.Boolean):
        return builder.trunc(word, ir.IntType(1))
    return context.cast(builder, word, types.int64, kind)


def _array(context: Any, builder: Any, kind: Any, address: Any) -> Any:
    """Emit a numpy array from the address of the object.

    Its fields are where numpy's own macros look for them, which are compiled into every
    extension: data, number of dimensions, and a pointer to the dimensions.
    """
    head = object.__basicsize__
    dtype = context.get_data_type(kind.dtype).as_pointer()

    def field(offset: int, kind: Any) -> Any:
        place = builder.add(address, WORD(head + offset))
        return builder.load(builder.inttoptr(place, kind.as_pointer()))

    data, shape = field(0, dtype), field(16, WORD.as_pointer())
    sizes = [builder.load(cgutils.gep(builder, shape, k)) for k in range(kind.ndim)]
    itemsize = context.get_abi_sizeof(dtype.pointee)
    strides = [WORD(itemsize)]
    for size in sizes[:0:-1]:
        strides.insert(0, builder.mul(strides[0], size))
    array = context.make_array(kind)(context, builder)
    populate_array(array, data, sizes, strides, itemsize, None)
    return array._getvalue()


def _results(context: Any, builder: Any, kind: Any, value: Any) -> list[Any]:
    """Emit what a kernel returns as words."""
    if isinstance(kind, types.NoneType):
        return []
    if isinstance(kind, types.BaseTuple):
        members = cgutils.unpack_tuple(builder, value, len(kind))
        return [_word(context, builder, *member) for member in zip(kind, members, strict=True)]
    return [_word(context, builder, kind, value)]


def _word(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    if not isinstance(kind, (types.Integer, types.Boolean)) or kind == types.uint64:
        raise TypeError(f"a kernel returns {kind}; Python takes int64, or what fits into one")
    return context.cast(builder, value, kind, types.int64)
