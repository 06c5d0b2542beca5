"""The HTTP doors: answers as JSON or events, and what OpenAI's clients speak, under /v1."""
