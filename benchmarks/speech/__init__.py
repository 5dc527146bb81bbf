"""Real speech: films built from recordings, and the scoring of what systems make of them."""
