"""syncd mirrors Haravan web COD orders into KiotViet and KiotViet stock into Haravan."""

__version__ = "0.1.0"
