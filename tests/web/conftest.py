from tests.daemon.conftest import Said, said

__all__ = ["Said", "said"]
