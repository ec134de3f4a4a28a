"""Tests of the channels, against real sockets on loopback."""
