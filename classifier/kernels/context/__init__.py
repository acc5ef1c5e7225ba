"""The second and third layer: what the lines around a line, and its place in the page, say."""
