"""The command line of subkit."""
