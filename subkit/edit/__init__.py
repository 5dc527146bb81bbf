"""Document -> document: how times and texts of cues are changed."""
