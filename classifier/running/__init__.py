"""Whole runs over files: batches through the model, workers, statistics, resuming."""
