"""Our tags on Haravan's orders: only a display, so that nothing that goes wrong here disturbs the mirroring.

No intent stands before these writes: adding a tag twice, or taking it off twice, is the same as once, so that a call
whose answer is lost, or after which the process dies, is simply made again. What is remembered before a call is only
that its tags may be there or not; else one that arrived unheard would stay on an order that no longer calls for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from syncd.clock import Clock
from syncd.core.tags import Tagged, Tags, attention_tags, respelt, strays, stuck, wanted
from syncd.core.texts import Say, text
from syncd.cycles.ports import Haravan
from syncd.errors import AuthError, OutcomeUnknown, RateLimited, Rejected, SyncdError, Transient
from syncd.store import Store
from syncd.store.keys import TAGS_ERROR
from syncd.store.tags import TaggedOrder

_QUEUE = "tags_queue"
_AT_ONCE = 50
_REST_SECONDS = 60.0


class OrderTags:
    """Brings the tags of orders up to date, a few at a time."""

    def __init__(
        self, haravan: Haravan, store: Store, clock: Clock, say: Say, *, enabled: bool, stop: Callable[[], bool]
    ) -> None:
        """Write to `haravan` only when `enabled`."""
        self._haravan, self._store, self._clock, self._say = haravan, store, clock, say
        self._enabled, self._stop = enabled, stop
        self._attention = say(text("tag_attention"))
        self._rests_until = clock.monotonic()

    def run(self) -> None:
        """Tag up to 50 orders; those of which something was news first, then those that were left over.

        Raises:
            StoreUnwritable: Nothing could be recorded.
        """
        if not self._enabled:
            self._forget()
        elif self._clock.monotonic() >= self._rests_until:
            self._work_off(*self._queue())

    def _forget(self) -> None:
        """Once tags are switched on again it begins anew: what was missed meanwhile may be a year of orders."""
        for key in (_QUEUE, TAGS_ERROR):
            if self._store.recall(key) is not None:
                self._store.remember(key, None)

    def _queue(self) -> tuple[int, deque[int]]:
        """The newest event, and the orders to look at: what events since the last pass are about, and what it left."""
        seq = self._store.last_seq()
        kept = self._store.recall(_QUEUE)
        if not isinstance(kept, dict) or kept["attention"] != self._attention:
            return seq, deque(self._store.tags.to_begin_with(attention_tags()))
        fresh = self._store.tags.touched(kept["seq"], seq)
        return seq, deque(dict.fromkeys([*fresh, *kept["waiting"]]))

    def _keep_queue(self, seq: int, waiting: list[int]) -> None:
        """Only now are these events passed: each order that they are about is done, or waits."""
        queue = {"attention": self._attention, "seq": seq, "waiting": waiting}
        if self._store.recall(_QUEUE) != queue:
            self._store.remember(_QUEUE, queue)

    def _work_off(self, seq: int, waiting: deque[int]) -> None:
        written = 0
        trouble: SyncdError | None = None
        while waiting and written < _AT_ONCE and not self._stop() and trouble is None:
            try:
                written += self._bring_up_to_date(waiting[0])
                waiting.popleft()
            except (AuthError, RateLimited) as error:
                trouble = error
            except (Transient, OutcomeUnknown) as error:
                waiting.rotate(-1)  # should it be this order alone, the others are not kept waiting for it
                trouble = error
        self._keep_queue(seq, list(waiting))
        self._tell(trouble)

    def _tell(self, trouble: SyncdError | None) -> None:
        """Say what went wrong, where it is news; and do not try again at once."""
        known = self._store.recall(TAGS_ERROR)
        if trouble is None:
            if known is not None:
                self._store.remember(TAGS_ERROR, None)
            return
        self._rests_until = self._clock.monotonic() + _REST_SECONDS
        refused = isinstance(trouble, AuthError)
        sentence = self._say(text("tags_not_allowed") if refused else text("tags_not_written", why=trouble.message))
        if sentence != known:
            self._store.remember(TAGS_ERROR, sentence)
            self._store.add_event("tags_not_written", sentence, self._clock.now())

    def _bring_up_to_date(self, haravan_id: int) -> bool:
        """Write what is missing or too much on one order; whether there was anything."""
        order = self._store.tags.order(haravan_id)
        if order is None:
            return False
        wish = wanted(order.code, self._attention if order.needs_attention else None)
        tagged = order.tagged
        shown: Tags = ()
        missing = tagged.missing(wish)
        if missing:
            tagged, shown = self._add(order, tagged, missing)
        surplus = (*tagged.surplus(wish), *strays(shown, wish))
        if surplus:
            self._remove(order, tagged, surplus, wish)
        return bool(missing or surplus)

    def _add(self, order: TaggedOrder, tagged: Tagged, tags: Tags) -> tuple[Tagged, Tags]:
        self._doubt(order, tagged, tags)
        done = tagged.put_on(tags)
        try:
            shown = self._haravan.add_tags(order.haravan_id, tags)
        except Rejected as error:
            self._give_up(order, done, error)
            return done, ()
        self._done(order, done, "tags_added", tags)
        return done, shown

    def _remove(self, order: TaggedOrder, tagged: Tagged, tags: Tags, wish: Tags) -> None:
        self._doubt(order, tagged, tags)
        done = tagged.taken_off(tags)
        try:
            left = self._haravan.remove_tags(order.haravan_id, tags)
            if as_shown := respelt(left, tags, wish):
                left = self._haravan.remove_tags(order.haravan_id, as_shown)
        except Rejected as error:
            self._give_up(order, done, error)
            return
        still_there = stuck(left, (*tags, *as_shown))
        # a proxy that drops the body of a DELETE will do so next time: a person has to take them off
        self._done(order, done, "tags_not_removed" if still_there else "tags_removed", still_there or tags)

    def _doubt(self, order: TaggedOrder, tagged: Tagged, tags: Tags) -> None:
        doubted = tagged.doubting(tags)
        if doubted != tagged:
            self._store.tags.keep(order.haravan_id, doubted)

    def _done(self, order: TaggedOrder, tagged: Tagged, event: str, tags: Tags) -> None:
        self._store.tags.keep_done(order.haravan_id, tagged, event, ", ".join(tags), self._clock.now())

    def _give_up(self, order: TaggedOrder, tagged: Tagged, error: Rejected) -> None:
        """This order cannot be tagged so (deleted, not accepted): not tried again until its tags change."""
        self._store.tags.keep_done(
            order.haravan_id, tagged, "tags_refused", self._say(error.message), self._clock.now()
        )
