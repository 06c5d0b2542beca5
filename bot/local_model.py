"""A model in a folder, run on this machine by transformers; nothing is downloaded."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from bot.model import BadModel, Messages, ModelFailed

_MAX_NEW_TOKENS = 400


class LocalModel:
    """Runs a causal language model of transformers' form, one question at a time."""

    def __init__(self, folder: Path) -> None:
        """Load the model and its tokenizer. Raises BadModel."""
        self.name = folder.name
        self._lock = threading.Lock()
        if not (folder / "config.json").is_file():
            raise BadModel(f"{folder} holds no transformers model: it has no config.json")
        from transformers import AutoModelForCausalLM, AutoTokenizer

        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise BadModel(f"{folder} cannot be loaded as a language model: {error}") from error

    def stream(self, messages: Messages, seconds: float) -> Iterator[str]:
        """Yield the text that goes on from messages. Raises ModelFailed."""
        from transformers import TextIteratorStreamer

        ends = time.monotonic() + seconds
        inputs = self._encode(messages)
        if not self._lock.acquire(timeout=seconds):
            raise ModelFailed(f"did not answer within {seconds:g} seconds")
        # What is left after waiting for others.
        left = max(0.1, ends - time.monotonic())
        streamer = TextIteratorStreamer(
            self._tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=left
        )
        stopped = threading.Event()
        # A daemon: it stops at the next token, but must not keep the program from ending.
        thread = threading.Thread(
            target=self._generate, args=(inputs, streamer, ends, stopped), daemon=True
        )
        thread.start()
        written = False
        try:
            for text in streamer:
                if time.monotonic() > ends:
                    raise ModelFailed(f"did not answer within {seconds:g} seconds")
                written = written or bool(text.strip())
                yield text
        except Empty:
            raise ModelFailed(f"did not answer within {seconds:g} seconds") from None
        finally:
            stopped.set()
        if not written:
            raise ModelFailed("answered nothing")

    def _encode(self, messages: Messages) -> Any:
        if self._tokenizer.chat_template:
            said = [{"role": role, "content": text} for role, text in messages]
            return self._tokenizer.apply_chat_template(
                said, add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
        return self._tokenizer("\n\n".join(text for _, text in messages), return_tensors="pt")

    def _generate(self, inputs: Any, streamer: Any, ends: float, stopped: threading.Event) -> None:
        from transformers import StoppingCriteriaList

        def is_over(*_: Any, **__: Any) -> bool:
            return stopped.is_set() or time.monotonic() > ends

        try:
            self._model.generate(
                **inputs,
                streamer=streamer,
                max_new_tokens=_MAX_NEW_TOKENS,
                do_sample=False,
                stopping_criteria=StoppingCriteriaList([is_over]),
            )
        finally:
            streamer.end()
            self._lock.release()
