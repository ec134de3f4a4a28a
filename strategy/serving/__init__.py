"""Does what the command line's commands say: starting, processes, asking, entering, examining. No rule of its own."""

from strategy.serving.processes import application

__all__ = ["application"]
