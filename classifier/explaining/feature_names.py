"""Names of features: of those of a line by itself, and of what crosses ask about."""


def shape_feature_names() -> list[str]:
    """Name the shape features, in the order of `FirstLayer.shape`.

    Returns
    -------
    list of str, length N_SHAPE_FEATURES
        Facts with their value, patterns, pairs of facts.
    """
    from classifier.kernels.first_layer import feature_layout as layout

    names = [
        f"{name} {value}"
        for name, size in zip(layout.FACT_NAMES, layout.FACT_SIZES, strict=True)
        for value in range(size)
    ]
    names += [f"has {name}" for name in layout.PATTERN_NAMES]
    for a, b in layout.FACT_PAIRS:
        names += [
            f"{layout.FACT_NAMES[a]} {i} with {layout.FACT_NAMES[b]} {j}"
            for i in range(layout.FACT_SIZES[a])
            for j in range(layout.FACT_SIZES[b])
        ]
    return names


def input_names() -> list[str]:
    """Name what crosses can ask about, in the order of `INPUTS`.

    Returns
    -------
    list of str
        Column, and distance of the line unless it is the same.
    """
    from classifier.kernels.context import inputs as c

    return [
        c.COLUMN_NAMES[column] + (f" of line {distance:+d}" if distance else "")
        for column, distance in c.INPUTS
    ]
