"""Learn from a user's own labels: fit, choose thresholds, compare models."""
