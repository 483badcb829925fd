"""The documents' monitoring example as a service that runs: SQLAlchemy's QueuePool (10 + 20) with its db_pool_* and
db_connection_* metrics, written anew with its names, formulas and habits (also the wrong ones: usage counts the overflow twice,
the "wait" is the time since the last return, gauges follow the events only). DATABASE_URL says where the server is.
"""
import asyncio
import logging
import os
import socket
import threading
import time

import psycopg2
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Column, Integer, String, create_engine, event, text
from sqlalchemy.orm import Session, declarative_base, sessionmaker

import crew

log = logging.getLogger("example")
made = 0  # connections, counted where they are made


def connect():
    global made
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    made += 1
    return connection


engine = create_engine("postgresql://", creator=connect, pool_size=10, max_overflow=20, pool_timeout=30, pool_recycle=3600,
                       pool_pre_ping=True)
SessionLocal = sessionmaker(autocommit=False, autoflush=False, bind=engine)
Base = declarative_base()

SIZE = Gauge("db_pool_size", "Size of the pool")
CHECKED_IN = Gauge("db_pool_checked_in", "Idle connections")
CHECKED_OUT = Gauge("db_pool_checked_out", "Connections in use")
OVERFLOW = Gauge("db_pool_overflow", "Connections beyond the size")
USAGE = Gauge("db_pool_usage", "Share of the pool in use")
CHECKOUTS = Counter("db_connection_checkout_total", "Connections taken")
CHECKINS = Counter("db_connection_checkin_total", "Connections given back")
CONNECTS = Counter("db_connection_connect_total", "Connections made")
ERRORS = Counter("db_connection_error_total", "Connections that failed")
WAIT = Histogram("db_connection_wait_seconds", "Wait for a connection",
                 buckets=[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0])
USE = Histogram("db_connection_usage_seconds", "Use of a connection",
                buckets=[0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0])
QUERY = Histogram("db_query_duration_seconds", "Duration of statements",
                  buckets=[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0])
SLOW = Counter("db_slow_query_total", "Slow statements")


def most():
    return engine.pool.size() + engine.pool._max_overflow


def usage():
    return (engine.pool.checkedout() + engine.pool.overflow()) / most()


def update_gauges():
    SIZE.set(engine.pool.size())
    CHECKED_IN.set(engine.pool.checkedin())
    CHECKED_OUT.set(engine.pool.checkedout())
    OVERFLOW.set(engine.pool.overflow())
    USAGE.set(usage())


@event.listens_for(engine, "connect")
def on_connect(_, record):
    record.info["connect_time"] = time.time()
    CONNECTS.inc()
    update_gauges()


@event.listens_for(engine, "checkout")
def on_checkout(_, record, __):
    now = record.info["checkout_time"] = time.time()
    WAIT.observe(now - record.info.get("checkin_time", now))
    CHECKOUTS.inc()
    update_gauges()


@event.listens_for(engine, "checkin")
def on_checkin(_, record):
    now = record.info["checkin_time"] = time.time()
    USE.observe(now - record.info.get("checkout_time", now))
    CHECKINS.inc()
    update_gauges()


@event.listens_for(engine, "before_cursor_execute")
def on_statement(connection, *_):
    connection.info.setdefault("query_start_time", []).append(time.time())


@event.listens_for(engine, "after_cursor_execute")
def on_statement_over(connection, *_):
    took = time.time() - connection.info["query_start_time"].pop()
    QUERY.observe(took)
    if took > 0.1:
        SLOW.inc()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True, index=True)
    name = Column(String(100), nullable=False)
    email = Column(String(100), unique=True, index=True, nullable=False)


Base.metadata.create_all(bind=engine)


def database():
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()


app = FastAPI(title="Monitoring example")


@app.get("/metrics")
async def metrics():
    return Response(content=generate_latest(), media_type=CONTENT_TYPE_LATEST)


@app.get("/health/db")
async def health():
    share = usage()
    status = "critical" if share > 0.9 else "warning" if share > 0.8 or engine.pool.checkedin() == 0 else "healthy"
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception as error:
        raise HTTPException(status_code=503, detail=str(error)) from error
    return {"status": status, "pool": {"usage": f"{share * 100:.1f}%", "max_connections": most()}}


@app.get("/pool/status")
async def pool_status():
    pool = engine.pool
    return {"pool": {"size": pool.size(), "checked_in": pool.checkedin(), "checked_out": pool.checkedout(),
                     "overflow": pool.overflow(), "status": pool.status()}}


@app.get("/test/normal")
async def normal(session: Session = Depends(database)):
    return {"count": len(session.query(User).limit(10).all())}


@app.get("/test/slow")
async def slow(session: Session = Depends(database)):
    time.sleep(0.2)  # the loop stands still meanwhile, as in the example
    return {"count": len(session.query(User).limit(10).all())}


@app.on_event("startup")
async def watch():
    async def every_minute():
        while True:
            update_gauges()
            await asyncio.sleep(60)

    asyncio.create_task(every_minute())


callers = crew.Crew(engine.connect, lambda connection: connection.close())


def truth():
    pool = engine.pool
    return {"size": pool.checkedin() + pool.checkedout(), "in_use": pool.checkedout(), "idle": pool.checkedin(),
            "waiting": callers.waiting, "max": most(), "creates": made,
            "uses": 1 + callers.uses,  # the tables were made with the first
            "use_seconds": callers.use_seconds, "timeouts": callers.timeouts}


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    threading.Thread(target=server.run, args=([listener],), daemon=True).start()
    crew.say_ports(listener.getsockname()[1], crew.serve(callers, truth))
    crew.until_input_ends()
