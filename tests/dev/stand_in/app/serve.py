"""Answer GET with 200 until SIGTERM."""

import http.server
import os
import signal
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


def serve(port: str) -> None:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    if os.environ.get("STUBBORN"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Answer).serve_forever()
