"""Troubles come and go, channels fail and recover: each channel tells each trouble once, and once that it is over."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from syncd.core import outbox
from syncd.core.alerts import RESOLVED_AFTER, AlertPolicy, Memory, decide
from syncd.core.messages import NEWS, RESOLVED, Message
from syncd.core.outbox import Outbox
from tests.core.test_alerts import POLICY, START, concern

EXAMPLES = int(os.environ.get("SYNCD_EXAMPLES", "30"))
"""How many weeks are lived through; more by hand, then each time others."""

TROUBLES = {key: concern(key) for key in "abcd"}
CHANNELS = ("mail", "chat")
_trouble = st.sampled_from(sorted(TROUBLES))
_channel = st.sampled_from(CHANNELS)


class Telling(RuleBasedStateMachine):
    """What is wrong now, what is remembered of it, and what each channel has delivered."""

    @initialize()
    def quiet(self) -> None:
        self.policy = AlertPolicy(POLICY.sender, repeat=timedelta(days=999), most_per_hour=999)
        self.now = START
        self.present: set[str] = set()
        self.memory, self.outbox = Memory(), Outbox()
        self.delivered: dict[str, list[Message]] = {name: [] for name in CHANNELS}
        self.made: list[Message] = []
        self.down: set[str] = set()

    @rule(key=_trouble)
    def begins(self, key: str) -> None:
        self.present.add(key)

    @rule(key=_trouble)
    def ends(self, key: str) -> None:
        self.present.discard(key)

    @rule(name=_channel)
    def fails_or_recovers(self, name: str) -> None:
        self.down ^= {name}

    @rule(minutes=st.sampled_from([0, 1, 1, 3, 30]), dies=st.booleans())
    def looks(self, minutes: int, dies: bool) -> None:
        """One look, all that is due delivered; who dies before a delivery is noted delivers it again."""
        self.now += timedelta(minutes=minutes)
        troubles = [TROUBLES[key] for key in sorted(self.present)]
        made, self.memory = decide(troubles, self.memory, self.policy, self.now)
        self.made += made
        self.outbox = outbox.put(self.outbox, made, CHANNELS, self.now)
        for name in CHANNELS:
            self._deliver(name)
        if dies:
            again, _ = decide(troubles, self.memory, self.policy, self.now)
            assert again == (), "what was told is not told again at once"

    def _deliver(self, name: str) -> None:
        for message in outbox.due(self.outbox, name, self.now):
            if name in self.down:
                self.outbox = outbox.failed(self.outbox, name, "no answer", self.now)
                return
            self.delivered[name].append(message)
            self.outbox = outbox.delivered(self.outbox, name, message)
        assert name in self.down or not outbox.due(self.outbox, name, self.now)

    def teardown(self) -> None:
        """All channels are well again, and nothing changes any more: everybody knows everything."""
        if not hasattr(self, "present"):
            return
        self.down.clear()
        for _ in range(4):
            self.looks(31, dies=False)
        self.looks(int(RESOLVED_AFTER.total_seconds() // 60) + 1, dies=True)
        assert self.outbox.letters == ()
        for name in CHANNELS:
            self._judge(self.delivered[name])

    def _judge(self, messages: list[Message]) -> None:
        ids = Counter(message.id for message in messages)
        assert set(ids.values()) <= {1}, "no message twice"
        assert [m.id for m in messages] == [m.id for m in self.made], "every message, in the order of the troubles"
        known: set[str] = set()
        for message in messages:
            keys = {row.key for row in message.rows}
            assert message.event in (NEWS, RESOLVED)
            assert not keys & known if message.event == NEWS else keys <= known
            known ^= keys
        assert known == self.present


TestTelling = Telling.TestCase
TestTelling.settings = hypothesis_settings(
    max_examples=EXAMPLES, derandomize="SYNCD_EXAMPLES" not in os.environ, stateful_step_count=30, deadline=None
)
