"""The reader as a torch module: MiniLM's encoder with heads for span, answer and relevance."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


class ReaderModule(nn.Module):
    """Token ids of question and passage in; scores out.

    `forward` returns start and end logits, shape (pairs, tokens), and (pairs, 2): whether the
    passage answers the question, and how relevant it is.
    """

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.span = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.judge = nn.Linear(width, 2)

    def forward(
        self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return start logits, end logits, and the two judgements of each pair."""
        hidden = self.encoder(
            input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask
        ).last_hidden_state
        start, end = self.span(hidden).unbind(-1)
        judged = self.judge(torch.tanh(self.pool(hidden[:, 0])))
        return start, end, judged


def load_module(weights: Path) -> ReaderModule:
    """Return a reader on the encoder in folder `weights`, without dropout, embeddings frozen.

    Training is short, so dropout costs more than it gives; frozen embeddings save a third of the
    time and keep words that the training data lack where the encoder has them.
    """
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(
        weights,
        attn_implementation="eager",
        add_pooling_layer=False,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    encoder.embeddings.requires_grad_(False)
    return ReaderModule(encoder)
