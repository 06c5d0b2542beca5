"""One file a format: its markup in, blocks of text and metadata out."""
