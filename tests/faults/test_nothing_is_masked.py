"""What is kept out of logs and alerts looks like a secret; no sentence of ours does."""

from __future__ import annotations

import re

import pytest

from syncd.core.texts import LANGUAGES, SENTENCES
from syncd.logs import masked

_FIELD = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_passes_the_log_unharmed(language: str) -> None:
    said = [_FIELD.sub("X", both[LANGUAGES.index(language)]) for both in SENTENCES.values()]
    said = [sentence for sentence in said if "@" not in sentence]  # an example of a mail address looks like one
    assert {sentence: masked(sentence) for sentence in said if masked(sentence) != sentence} == {}
