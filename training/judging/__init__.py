"""How good models are: scores, tables and plots, gate, studies, test set, verdicts."""
