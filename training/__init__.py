"""Train the reader: the small model that says where a passage answers a question, and whether."""
