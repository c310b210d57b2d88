"""The windows: one remote's HTTP and JSON each way, nothing else. Only this package touches httpx."""
