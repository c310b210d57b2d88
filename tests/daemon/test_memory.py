"""What the daemon's threads take and leave goes back to the system, and memory is not searched for nothing."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys

import pytest

from syncd.daemon.memory import keep_small

_PROGRAM = """
import ctypes, sys, tempfile, threading
from syncd.daemon.memory import keep_small
if sys.argv[1] == "small":
    keep_small()
together = threading.Barrier(4)
def take():
    together.wait()
    kept = [bytes(size) for size in range(600, 40_000, 200)]
    together.wait()
threads = [threading.Thread(target=take) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.fdopen.argtypes = [ctypes.c_int, ctypes.c_char_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fflush.argtypes = [ctypes.c_void_p]
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(out)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="needs glibc")
def test_threads_share_one_arena() -> None:
    def arenas(how: str) -> int:
        line = [sys.executable, "-c", _PROGRAM, how]
        return subprocess.run(line, check=True, capture_output=True, text=True, timeout=60).stdout.count("<heap nr=")

    assert arenas("as it comes") > 1
    assert arenas("small") == 1


def test_a_process_of_syncd_searches_all_of_its_memory_seldom_and_what_is_new_as_often_as_ever() -> None:
    program = (
        "import atexit, gc, sys; atexit.register(lambda: print(gc.get_threshold())); sys.argv = ['syncd', '--version']"
    )
    line = [sys.executable, "-c", f"{program}; from syncd.cli import main; main()"]
    said = subprocess.run(line, check=True, capture_output=True, text=True, timeout=60).stdout
    young, middle, _ = gc.get_threshold()
    assert said.splitlines()[-1] == str((young, middle, 100))


def test_another_c_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    keep_small()
