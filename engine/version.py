"""The engine's version, as in the package's metadata."""

VERSION = "0.1.0"
