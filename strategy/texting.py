"""Holds whether a text of ours can be answered by text, as the application was told when it started."""

from flask import current_app


def answered() -> bool:
    """Whether a reply reaches us. A sender that is a name, or a number nobody listens at, must not ask for one."""
    return bool(current_app.config["TEXTS_ANSWERED"])
