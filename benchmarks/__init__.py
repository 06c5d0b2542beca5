"""Measure retrieval, reading and time on data sets; each command prints one JSON."""
