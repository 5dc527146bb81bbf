"""Shared parts of the benchmarks: runs, numbers, text, tables, audio, results."""
