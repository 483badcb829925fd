"""What drives a pool of a test's peer: callers that lease, hold and give back as they are told, and what they saw.

Control is HTTP on a port of its own: /hold?count=N adds N callers (those that find no lease wait for one), /release sends all
away, /truth says what is true of the pool, one "figure value" a line. The first line on standard output is
"ports PAGE CONTROL"; the program ends with its standard input.
"""
import http.server
import sys
import threading
import time
import urllib.parse


class Crew:
    def __init__(self, lease, give_back):
        self._lease, self._give_back = lease, give_back
        self._lock = threading.Lock()
        self._gone = threading.Event()
        self.waiting = self.uses = self.timeouts = 0
        self.use_seconds = 0.0

    def hold(self, count):
        for _ in range(count):
            threading.Thread(target=self._call, args=(self._gone,), daemon=True).start()

    def release(self):
        self._gone.set()
        self._gone = threading.Event()

    def _call(self, gone):
        with self._lock:
            self.waiting += 1
        try:
            connection = self._lease()
        except Exception:  # the pool's own time was over
            with self._lock:
                self.waiting -= 1
                self.timeouts += 1
            return
        begun = time.monotonic()
        with self._lock:
            self.waiting -= 1
        gone.wait()
        used = time.monotonic() - begun
        self._give_back(connection)
        with self._lock:
            self.uses += 1
            self.use_seconds += used


def serve(crew, truth):
    """The control server, on a thread; gives its port."""

    class Control(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked = urllib.parse.urlparse(self.path)
            if asked.path == "/hold":
                crew.hold(int(urllib.parse.parse_qs(asked.query)["count"][0]))
            elif asked.path == "/release":
                crew.release()
            body = "".join(f"{name} {value}\n" for name, value in truth().items()).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Control)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def say_ports(page, control):
    print("ports", page, control, flush=True)


def until_input_ends():
    sys.stdin.read()
