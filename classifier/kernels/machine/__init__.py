"""What kernels are written with: compiled functions, registers, arrays as they take them."""
