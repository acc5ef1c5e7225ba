"""The subcommands of `linesift`, one module each. At import they load click only."""
