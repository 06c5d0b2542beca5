"""Bot: ask a library a question; every sentence of the answer is the words of an article.

The line is retrieve, read, cite, answer; the doors (cli, app.py) come after it.
"""

from bot.answer import Bot
from bot.cite import Answer, Citation

__all__ = ["Answer", "Bot", "Citation"]
