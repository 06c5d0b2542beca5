"""Mark the cell of a table's row that a question asks for, by the name of its column."""

from dataclasses import replace

from bot.leads import CELLS, find_lead
from bot.question import Question
from bot.read import Finding
from bot.retrieve import find_content_words
from ingest.formats.block import EMPTY_CELL
from ingest.words import stem_words


def mark_cell(finding: Finding, question: Question) -> Finding:
    """Return a row with the mark on the cell that is asked for.

    It is the one below the name that has most of the question's words. Where several have as many,
    or none has any, the mark stays as it is. A header has no mark.
    """
    if CELLS not in finding.text:
        return finding
    article = finding.passage.stored.article
    header = find_lead(article, finding.start)
    if header is None:
        return replace(finding, span=None)
    names, cells = article.text[slice(*header)].split(CELLS), finding.text.split(CELLS)
    asked = set(find_content_words(question.text))
    shared = [len(asked.intersection(stem_words(name))) for name in names]
    most = max(shared)
    if len(names) != len(cells) or not most or shared.count(most) > 1:
        return finding
    column = shared.index(most)
    start = finding.start + len(CELLS.join(cells[:column])) + (len(CELLS) if column else 0)
    span = (start, start + len(cells[column]))
    return replace(finding, span=None if cells[column] == EMPTY_CELL else span)
