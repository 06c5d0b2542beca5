"""A language model for tests: real in form, made in a moment, and it knows nothing."""

from pathlib import Path
from typing import Any

from bot.reader import WEIGHTS

# Says who speaks, as the template of any chat model does.
_TEMPLATE = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"


def make_tiny_model(folder: Path) -> Path:
    """Write a transformer of one layer, whose weights are chance, into `folder`; return it."""
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    make_tokenizer: Any = PreTrainedTokenizerFast
    tokenizer = make_tokenizer(
        tokenizer_file=str(WEIGHTS / "tokenizer.json"),
        pad_token="[PAD]",  # noqa: S106
        eos_token="[SEP]",  # noqa: S106
        chat_template=_TEMPLATE,
    )
    tokenizer.save_pretrained(folder)
    size = len(tokenizer)
    config = GPT2Config(vocab_size=size, n_positions=2048, n_embd=8, n_layer=1, n_head=1,
                        eos_token_id=size - 1, pad_token_id=0)  # fmt: skip
    GPT2LMHeadModel(config).save_pretrained(folder)
    return folder
