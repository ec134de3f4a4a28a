"""Holds how tests make one policy text of another."""


def without_target(text: str, code: str) -> str:
    """The policy without that target."""
    head, rest = text.split(f"[targets.{code}]\n")
    return head + "[" + rest.split("\n[", 1)[1]
