"""Why a line got its label: what its words and its neighbours added to its scores."""
