"""The chat on pages of other sites: what its script asks, and who may."""
