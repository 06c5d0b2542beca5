"""Ingest: make a library out of a folder of articles.

The line is load, parse, clean, chunk, embed, store, sync; each file imports only from earlier ones.
"""
