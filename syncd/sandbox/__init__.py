"""Both remote systems as stateful simulators, for the demo, the tests and for trying syncd without an account."""
