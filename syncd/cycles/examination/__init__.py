"""The examination: everything that would fail later, looked for before it fails, in either shop and on this machine."""
