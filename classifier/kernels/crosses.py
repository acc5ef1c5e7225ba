"""Crosses: for each line, one of 64 rows of weights by the answers to six questions.

Two ways to the same integers: `byte_crosses` where the processor can look up 64
bytes in a table at once, `plain_crosses` elsewhere and with the JIT off.
"""

import llvmlite.binding
import numba

from classifier.kernels.plain_crosses import CHUNK

# Whoever names a processor compiles for another one than this.
_is_for_this_processor = numba.config.CPU_NAME is None and numba.config.CPU_FEATURES is None

if (
    not numba.config.DISABLE_JIT
    and _is_for_this_processor
    and llvmlite.binding.get_host_cpu_features().get("avx512vbmi")
):
    from classifier.kernels.byte_crosses import add_crosses, prepared_weights
else:
    from classifier.kernels.plain_crosses import add_crosses, prepared_weights

__all__ = ["CHUNK", "add_crosses", "prepared_weights"]
