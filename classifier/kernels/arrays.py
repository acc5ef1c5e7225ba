"""Arrays as the kernels take them: one dtype, contiguous, read-only."""

from typing import Any

import numpy as np
import numpy.typing as npt


def fixed(array: npt.NDArray[Any], dtype: Any) -> npt.NDArray[Any]:
    """Return `array` with one dtype, contiguous and read-only.

    Kernels are compiled for a dtype, and take arrays without gaps only. Arrow's buffers
    are read-only, so others are, too.
    """
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view
