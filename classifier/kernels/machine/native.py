"""Machine code in memory: object files become functions that Python can call.

By LLVM alone (`llvmlite`), which takes a quarter of the time that numba takes to load.
"""

import ctypes
import os
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm


class MachineCode:
    """A function of object files, as `generation` emits them.

    Parameters
    ----------
    codes : sequence of bytes
        The object files.
    name : str
        Of the function, which one of them holds.
    n_results : int
        Integers that it returns.
    """

    def __init__(self, codes: Sequence[bytes], name: str, n_results: int) -> None:
        self._engine = _new_engine()  # to be kept as long as its function
        for code in codes:
            self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        address = self._engine.get_function_address(name)
        prototype = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)
        self._function = prototype(address)  # gives the GIL back while it runs
        self._results = ctypes.c_int64 * n_results

    def __call__(self, words: list[int]) -> Any:
        """Run it.

        Parameters
        ----------
        words : list of int
            Addresses of arrays, which must stay alive until it returns, and integers.

        Returns
        -------
        None, int or tuple of int
        """
        results = self._results()
        if self._function((ctypes.c_int64 * len(words))(*words), results):
            raise RuntimeError("a kernel failed")  # none of them has a reason to
        if len(results) < 2:
            return results[0] if results else None
        return tuple(results)


def _new_engine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    triple = llvm.get_process_triple()
    machine = llvm.Target.from_triple(triple).create_target_machine(codemodel="jitdefault")
    module = llvm.parse_assembly("")
    module.triple = triple
    return llvm.create_mcjit_compiler(module, machine)


def host() -> tuple[str, str, str]:
    """Return what machine code depends on: system, name and features of the processor.

    Returns
    -------
    tuple of str, str and str
    """
    features = llvm.get_host_cpu_features().flatten()
    return llvm.get_process_triple(), llvm.get_host_cpu_name(), features


def has_vbmi() -> bool:
    """Tell whether code is made for a processor with AVX-512 VBMI.

    Returns
    -------
    bool
    """
    # Whoever names a processor, or does without AVX, compiles for another one than this.
    is_other = bool({"NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_ENABLE_AVX"} & set(os.environ))
    return not is_other and bool(llvm.get_host_cpu_features().get("avx512vbmi"))
