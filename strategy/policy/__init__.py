"""Holds the example policy as text; a partnership's own versions are rows. Reading it is rules.policy_reading's."""

from importlib.resources import files


def example_text() -> str:
    """The policy shipped as an example, in TOML."""
    return files(__name__).joinpath("example.toml").read_text(encoding="utf-8")
