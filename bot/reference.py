"""What a question refers to: places and whole articles, and labels that no article has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """What a question refers to: `text[start:end]` of an article.

    `kind` is "heading" (a section by its number or name), "paragraph" (one with that number),
    "label" (a sentence that names it), "last" (where the highest number of a document stands),
    "title", "author", "date" or "position" (whole articles); `words` are those of the question;
    `weight`, 0 to 1, is how sure it is.
    """

    article_id: str
    start: int
    end: int
    kind: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class References:
    """The references of a question, the surest first; none if it has none.

    `missing` are labels with numbers that no article has: "clause 9" of a lease of eight.
    """

    spans: tuple[Reference, ...] = ()
    missing: tuple[str, ...] = ()

    def weigh(self, article_id: str, start: int, end: int) -> float:
        """Return the weight of the surest reference that meets `text[start:end]`, 0 if none."""
        return max(
            (
                span.weight
                for span in self.spans
                if span.article_id == article_id and span.start < end and start < span.end
            ),
            default=0.0,
        )
