"""Machine code in memory: an object file becomes a function that Python can call.

By LLVM alone (`llvmlite`), which takes a quarter of the time that numba takes to load.
"""

import ctypes
import os
import platform
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

# What numba may be told to compile for, by the variables that `table_lookup` looks at.
WITH_AVX2 = [(level, "", None) for level in ("x86-64-v3", "x86-64-v4")]
SETTINGS_FILE = ".numba_config.yaml"  # which numba looks for in the working folder


class MachineCode:
    """A function of an object file, as `generation` emits it.

    Parameters
    ----------
    code : bytes
        The object file.
    name : str
        Of the function.
    n_results : int
        Integers that it returns.
    """

    def __init__(self, code: bytes, name: str, n_results: int) -> None:
        self._engine = _new_engine()  # to be kept as long as its function
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


@cache
def settings_file() -> bytes:
    """Return what numba's file of settings holds, if there is one in the working folder.

    Returns
    -------
    bytes
        As this process found it first; empty if there is none.
    """
    try:
        return Path(SETTINGS_FILE).read_bytes() if Path(SETTINGS_FILE).is_file() else b""
    except OSError:  # numba cannot read it either
        return b""


def table_lookup() -> str | None:
    """Tell with what code looks up bytes in a table of 64, on the processor it is made for.

    Returns
    -------
    str or None
        "vbmi" (of AVX-512), "avx2" or "neon"; None if with nothing of these.
    """
    if platform.machine().lower() in ("arm64", "aarch64"):
        return "neon"  # which all have
    if settings_file():  # may name any processor
        return None
    # Whoever names a processor, or does without AVX, compiles for another one than this.
    names = "NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_ENABLE_AVX"
    named = tuple(os.environ.get(name) for name in names)
    if named != (None, None, None):
        return "avx2" if named in WITH_AVX2 else None
    if llvm.get_host_cpu_name() == "nocona":  # of some virtual machines; numba leaves AVX out
        return None
    features = llvm.get_host_cpu_features()
    if features.get("avx512vbmi"):
        return "vbmi"
    return "avx2" if features.get("avx2") else None
