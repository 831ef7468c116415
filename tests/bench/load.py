"""Visitors who ask for one page over and over: ``python -m tests.bench.load PORT PATH CONNECTIONS SECONDS``.

A process of its own, that does as little as it can, for it works on the same cores as the server. Prints as JSON how long
it took in all and how long each answer took, in seconds.
"""

import json
import re
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor

HOST = "127.0.0.1"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
PATIENCE = 60


class Visitor:
    """One connection, opened again when the server closes it."""

    def __init__(self, port: int, path: str):
        self.address = (HOST, port)
        self.request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        self.connection: socket.socket | None = None

    def ask(self) -> None:
        """Fetch the page. Raises ConnectionError when the answer is not the page."""
        if self.connection is None:
            self.connection = socket.create_connection(self.address, PATIENCE)
        self.connection.sendall(self.request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise ConnectionError(f"The server answered {head[:200]!r}")
        missing = int(length[1]) - len(body)
        while missing > 0:
            missing -= len(self._more())
        if CLOSES.search(head):
            self.connection.close()
            self.connection = None

    def _more(self) -> bytes:
        if more := self.connection.recv(1 << 16):
            return more
        raise ConnectionError("The server closed the connection halfway")

    def ask_until(self, end: float) -> list[float]:
        """Ask until it is time, and return how long each answer took."""
        taken = []
        while (start := time.perf_counter()) < end:
            self.ask()
            taken.append(time.perf_counter() - start)
        return taken


def main(port: str, path: str, connections: str, seconds: str) -> None:
    visitors = [Visitor(int(port), path) for _ in range(int(connections))]
    start = time.perf_counter()
    end = start + float(seconds)
    with ThreadPoolExecutor(len(visitors)) as pool:
        taken = [time for times in pool.map(lambda visitor: visitor.ask_until(end), visitors) for time in times]
    json.dump([time.perf_counter() - start, taken], sys.stdout)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"Asking for {sys.argv[2]} over {sys.argv[3]} connections failed: {error}")
