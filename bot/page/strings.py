"""The page's words in each of its languages."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.page.korean import KOREAN
from bot.page.russian import RUSSIAN

Words = Mapping[str, str]

DEFAULT_LANGUAGE = "en"
_ENGLISH = {
    # The conversation.
    "ask": "Ask",
    "question": "Question",
    "ask_placeholder": "Ask the articles a question",
    "conversation": "Conversation",
    "conversations": "Conversations",
    "new_conversation": "New conversation",
    "no_conversations": "None yet. They are kept in this browser only.",
    "rename": "Rename",
    "delete": "Delete",
    "delete_sure": "Delete this conversation?",
    "export_markdown": "Save as Markdown",
    "export_json": "Save as JSON",
    "storage_full": "This browser has no room left for conversations; delete some.",
    "welcome": "Ask {count} articles",
    "welcome_one": "Ask one article",
    "welcome_dated": "Ask {count} articles, dated {first} to {last}",
    "welcome_empty": "The library is empty",
    "promise": "Every sentence of an answer is an article's own; its number shows where it stands.",
    # An answer.
    "waiting": "Reading the articles …",
    "understood": "Understood as: {question}",
    "source": "Source {number}: ",
    "own_words": "Answered from the articles' own words.",
    "model_words": "Worded by {model}, checked against the articles.",
    "doubtful": "Not sure: the articles may not say exactly this. Check the quotes.",
    "refused_title": "No answer in the articles",
    "nearest": "The nearest passages:",
    "stop": "Stop",
    "stopped": "Stopped.",
    "asked_only": "Asked only of: {scope}",
    "helpful_thanks": "Thank you. A word on it, if you like:",
    "comment": "A word on this answer",
    "send": "Send",
    "bad_alias_file": "The library's file of names cannot be read: {error}",
    "failed": (
        "Something went wrong, and the question was not answered. Ask it again; if that does not "
        "help, tell whoever runs this page: the reason stands in its log."
    ),
    "too_often": "That is too much at once. Wait a minute.",
    "busy": "The library is still being made. Ask again in a moment.",
    # Reading.
    "reading": "Reading",
    "all_articles": "All articles",
    "article_count": "Articles: {count}",
    "previous": "Previous citation",
    "next": "Next citation",
    "step": "{number} of {count}",
    "copy": "Copy quote",
    "copy_markdown": "Markdown",
    "copied": "Copied",
    "permalink": "Link",
    "original": "Original at {host}",
    "close": "Close",
    "article_sources": "Sources of this article",
    "quote_moved": "The article has changed since; the quote was found again.",
    "quote_gone": "The article has changed since: the quoted words are no longer in it.",
    "quote_nowhere": "The link's place is not in this article, so nothing is marked.",
    "quote_was": "They were: “{quote}”",
    "no_article": "The library has no such article.",
    "bad_link": "This link is damaged: it names no text of an article.",
    "read_here": "Choose an article, or a number in an answer, to read it here.",
    # The library.
    "library": "Library",
    "search": "Search in titles",
    "sort": "Sort by",
    "by_title": "Title",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "topics": "Topics",
    "origin": "From",
    "since": "From date",
    "until": "To date",
    "date_form": "2024, 2024-06 or 2024-06-19",
    "bad_date": "“{value}” is no date; write 2024, 2024-06 or 2024-06-19.",
    "dates_swapped": "{since} is after {until}; swap the two dates.",
    "only_these": "Ask only these",
    "ask_all": "Ask all articles",
    "shown": "Articles: {shown} of {count}",
    "choose_article": "Ask only this article: {title}",
    "undated": "undated",
    "none_found": "No article matches.",
    "scope": "Asking only: {scope}",
    "scope_articles": "{count} articles",
    "scope_dates": "dated {since} – {until}",
    "scope_clear": "Ask all articles again",
    # The first ingest.
    "making_start": "The library is being made …",
    "making": (
        "The library is being made: {done} of {total} articles read. Ask already: what is read is "
        "searched."
    ),
    "making_failed": "The library could not be made: {error}",
    # Keys.
    "keys": "Keys",
    "key_question": "to the question",
    "key_help": "these keys",
    "key_step": "previous and next citation, while reading",
    "key_close": "close what is open",
    "key_new": "new conversation",
    # Staff.
    "staff": "Staff",
    "staff_password": "Password",
    "staff_enter": "Log in",
    "staff_wrong": "That is not the password.",
    "staff_locked": "Too many wrong passwords. Try again in {minutes} min.",
    "staff_back": "Back to the articles",
    "staff_only": "This is for staff. Log in, or log in again.",
    "staff_here": "You are logged in as staff.",
    "staff_leave": "Log out",
    "upload": "Add articles",
    "upload_files": "Files: .txt, .md, .html, .pdf, .docx, up to 20 MB each",
    "upload_replace": "Replace uploaded files of the same name",
    "upload_start": "Add to the library",
    "upload_none": "Choose files first.",
    "upload_waiting": "waiting",
    "upload_reading": "being read …",
    "upload_added": "added",
    "upload_replaced": "replaced",
    "upload_twin": "not added",
    "upload_failed": "failed",
    "upload_total": "Articles in the library: {articles}.",
    "file": "File",
    "outcome": "Outcome",
    "reason": "Reason",
    "removal": "Remove an article",
    "removal_choose": "Article",
    "removal_ask": "Remove …",
    "removal_sure": "Remove “{title}”? Answers will no longer quote it.",
    "removal_yes": "Remove it",
    "removal_no": "Keep it",
    "removal_done": "“{title}” is removed.",
    "removal_none": "Choose an article first.",
    "reingest": "Read all files again",
    "reingest_hint": "Takes over what has changed in the files of the articles.",
    "reingest_start": "Read again",
    "reingest_step": "{done} of {total} files read …",
    "reingest_done": (
        "Done: {changed} changed, {added} added, {removed} removed, {unchanged} unchanged, "
        "{failed} failed."
    ),
    "changes": "What changed when",
    "changes_none": "Nothing has changed yet.",
    "when": "When (UTC)",
    "change": "Change",
    "change_added": "added",
    "change_changed": "changed",
    "change_removed": "removed",
    "change_failed": "failed",
    "article": "Article",
    "detail": "Detail",
    "feedback": "What readers thought of answers",
    "feedback_none": "Nobody has said anything yet.",
    "feedback_export": "Save as a question file",
    "feedback_asked": "Question",
    "feedback_verdict": "Helpful",
    "feedback_yes": "yes",
    "feedback_no": "no",
    "feedback_comment": "Comment",
    "feedback_answer": "Answer",
}
WORDS: Mapping[str, Words] = MappingProxyType({"en": _ENGLISH, "ru": RUSSIAN, "ko": KOREAN})


def choose_words(accept: str | None) -> Words:
    """Return the words for an `Accept-Language` header: of the first language that there is."""
    return WORDS[choose_language(accept)]


def choose_language(accept: str | None) -> str:
    """Return the page's language for an `Accept-Language` header; English when none fits."""
    weighed = []
    for place, item in enumerate((accept or "").split(",")):
        tag, _, weight = item.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), place, tag.split("-")[0].lower()))
        except ValueError:
            continue
    known = (tag for _, _, tag in sorted(weighed) if tag in WORDS)
    return next(known, DEFAULT_LANGUAGE)
