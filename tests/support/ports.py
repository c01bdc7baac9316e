# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports from the system."""

from __future__ import annotations

import socket


def free_port() -> int:
    """For programs that must be told a port before anybody listens there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
