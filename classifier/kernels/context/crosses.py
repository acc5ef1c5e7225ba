"""Crosses: for each line, one of 64 rows of weights by the answers to six questions.

Elsewhere a cross is called an oblivious (or symmetric) decision tree, its rows are leaves.
Two ways to the same integers: `byte_crosses` where the processor can look up many
bytes in a table at once, `plain_crosses` elsewhere and with the JIT off.
"""

from classifier.kernels.context.plain_crosses import CHUNK
from classifier.kernels.machine.jit import IS_DISABLED
from classifier.kernels.machine.native import table_lookup

if table_lookup() and not IS_DISABLED:
    from classifier.kernels.context.byte_crosses import add_crosses, prepared_weights
else:
    from classifier.kernels.context.plain_crosses import add_crosses, prepared_weights

__all__ = ["CHUNK", "add_crosses", "prepared_weights"]
