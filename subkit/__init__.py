"""subkit: from a film to reviewable subtitle tracks."""
