"""Emails: their own text with subject, sender and date; attachments are told, not read."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.mail import UnreadableMail, parse_mail

TEXT = (
    "Dear all,\n\nthe ferry leaves at nine from Monday on, and the second one at noon, as the\n"
    "committee has agreed.\n\n> When does it leave?\n>> Who asks?\n\n- bring a ticket\n"
)


def make_mail(text: str = TEXT, html: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Jürgen Ann <ann@example.org>"
    mail["Subject"] = "The ferry’s new times"
    mail["Date"] = "Fri, 01 Nov 2024 23:30:00 -0500"
    if text:
        mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def read(mail: EmailMessage) -> list[str]:
    return [block.text for block in parse_mail(mail.as_bytes(policy=SMTP)).blocks]


def test_the_head_is_no_text() -> None:
    parsed = parse_mail(make_mail().as_bytes(policy=SMTP))
    told = parsed.metadata
    assert (told.title, told.author, told.published) == (
        "The ferry’s new times", "Jürgen Ann", "2024-11-01",
    )  # fmt: skip
    assert [block.text for block in parsed.blocks] == [
        "Dear all,",
        "the ferry leaves at nine from Monday on, and the second one at noon, as the committee has "
        "agreed.",
        "When does it leave?",
        "Who asks?",
        "bring a ticket",
    ]
    assert parsed.warnings == ()


def test_plain_text_is_read_before_html() -> None:
    page = "<html><body><p>The ferry leaves at ten.</p><p hidden>No.</p></body></html>"
    assert read(make_mail(html=page)) == read(make_mail())
    parsed = parse_mail(make_mail("", page).as_bytes())
    assert [block.text for block in parsed.blocks] == ["The ferry leaves at ten."]
    assert "1 hidden element left out" in parsed.warnings


def test_attachments_are_told() -> None:
    mail = make_mail()
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="a.pdf")
    mail.add_attachment("Not this.", filename="a.txt")
    parsed = parse_mail(mail.as_bytes())
    assert parsed.warnings == ("2 attachments left out",)
    assert "Not this." not in read(mail)


def test_what_a_head_lacks_is_none() -> None:
    parsed = parse_mail(b"Subject: \nContent-Type: text/plain; charset=odd\n\nGr\xc3\xbcezi.")
    assert [block.text for block in parsed.blocks] == ["Grüezi."]
    told = parsed.metadata
    assert (told.title, told.author, told.published) == (None, None, None)
    assert parse_mail(b"From: ann@example.org\n\nHi").metadata.author == "ann@example.org"


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?utf-8?q?F=C3=A4hre?= at =?iso-8859-1?q?n=FCn?=", "Fähre at nün"),
        ("=?odd?q?F?=", "=?odd?q?F?="),
        ("=?utf-ä8?q?F?=", "=?utf-ä8?q?F?="),
        ("F\u00e4hre", "Fähre"),
    ],
)
def test_subjects_in_any_encoding(subject: str, title: str) -> None:
    assert parse_mail(f"Subject: {subject}\n\nHi".encode()).metadata.title == title


def test_a_damaged_mail_is_named() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    with pytest.raises(UnreadableMail, match="a damaged email"):
        parse_mail(f"Subject: Hi\n{deep}Hi".encode())


@given(st.text(alphabet="abc:;=<>@\"' \n-/", max_size=300))
def test_odd_heads_are_read_without_error(head: str) -> None:
    parse_mail(f"From: {head}\n\nThe text.".encode())
