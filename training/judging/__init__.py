"""What else a report says of held-out labels, beside the scores of `training.evaluate`."""
