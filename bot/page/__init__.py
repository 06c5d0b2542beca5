"""The web page: what a reader sees of answers, articles and the library."""
