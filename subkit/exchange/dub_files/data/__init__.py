"""Tables of the files for the stage."""
