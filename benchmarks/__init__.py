"""How fast and how right is it, measured beside its peers? One script a question."""
