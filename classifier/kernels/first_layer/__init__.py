"""The first layer: what a line says by itself, by its words and its shape."""
