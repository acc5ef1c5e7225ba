"""How fast the classifier is, against things that everyone knows, in one run.

All figures are of one core unless they say otherwise. Each is the median over
repetitions; ratios compare medians of the same run, which is what can be told
on to other machines.
"""
