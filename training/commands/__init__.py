"""The commands of ``python -m training``, and what they share."""
