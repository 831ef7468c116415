"""Pytest plugin: without DATABASE_URL the tests run on our own PostgreSQL, up while any pytest process is."""

import os
from contextlib import ExitStack

import pytest

from mkbroute import postgres


def pytest_configure(config: pytest.Config) -> None:
    """Use the server until pytest ends: the controller of xdist as well as each of its workers."""
    if os.environ.get("DATABASE_URL"):
        return
    server = ExitStack()
    try:
        server.enter_context(postgres.running())
    except postgres.PostgresError as error:
        raise pytest.UsageError(str(error)) from error
    config.add_cleanup(server.close)
