"""SQLAlchemy's QueuePool (5 + 3) exported as its exporters do: /methods has the names of its methods and no more, /words the
same in words with the limit. Its overflow() is below zero until the pool is full. DATABASE_URL says where the server is.
"""
import http.server
import os
import threading

import psycopg2
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import create_engine

import crew

engine = create_engine("postgresql://", creator=lambda: psycopg2.connect(os.environ["DATABASE_URL"]), pool_size=5,
                       max_overflow=3, pool_timeout=30)
callers = crew.Crew(engine.connect, lambda connection: connection.close())


class Exporter:
    def __init__(self, names):
        self.names = names

    def collect(self):
        for name, ask in self.names.items():
            yield GaugeMetricFamily("sqlalchemy_pool_" + name, name, value=ask())


PAGES = {
    "/methods": {"size": engine.pool.size, "checkedout": engine.pool.checkedout, "overflow": engine.pool.overflow},
    "/words": {"size": engine.pool.size, "checked_in": engine.pool.checkedin, "checked_out": engine.pool.checkedout,
               "overflow": engine.pool.overflow, "max_overflow": lambda: engine.pool._max_overflow},
}


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        registry = CollectorRegistry()
        registry.register(Exporter(PAGES[self.path]))
        body = generate_latest(registry)
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def truth():
    pool = engine.pool
    return {"size": pool.checkedin() + pool.checkedout(), "in_use": pool.checkedout(), "idle": pool.checkedin(),
            "waiting": callers.waiting, "max": pool.size() + pool._max_overflow, "overflow": pool.overflow()}


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    crew.say_ports(server.server_port, crew.serve(callers, truth))
    crew.until_input_ends()
