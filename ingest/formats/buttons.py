"""Words on the buttons of web pages, which stand between the paragraphs of a copied article."""

import re

_NETWORK = r"(?:tweet|facebook|twitter|whatsapp|linkedin|telegram|reddit|copy\ link|like\ this)"
_BUTTON = rf"(?:{_NETWORK}|share|pin|print|e-?mail|x|loading)"
BUTTONS = re.compile(
    rf"""(?ix)\A(?:
      {_BUTTON}(?:\W+(?:{_BUTTON}|this|on|via|article|post|story))+\W* | {_NETWORK}\W*
    | advertisement | sponsored(?:\ content)? | subscribe | sign\ up
    )\Z"""
)
# Buttons only beside other left-overs of a page.
PERHAPS_BUTTON = re.compile(r"(?i)\A(?:share|pin|print|e-?mail|x|loading)\W*\Z")
