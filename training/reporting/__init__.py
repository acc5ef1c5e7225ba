"""How figures are told: Markdown tables, plots, the report, README and cards."""
