"""What was written for training: the phrase bank, invented pages, blocks placed into pages."""
