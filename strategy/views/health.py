"""Asks whether the product is alive, ready, and how far behind: for machines, without a child's data."""

from datetime import timedelta
from hmac import compare_digest
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from strategy.access import moment, public
from strategy.queries import health, heartbeat

blueprint = Blueprint("health", __name__)

LATE = timedelta(seconds=60)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Alive: the process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Ready: the database answers with the schema it should have, and a worker came round within a minute."""
    try:
        last, schema = heartbeat.last_tick(), health.schema_is_current()
    except SQLAlchemyError:
        return jsonify(status="not ready", database="unreachable", last_tick_seconds=None), 503
    age = None if last is None else int((moment() - last).total_seconds())
    chasing = last is not None and moment() - last <= LATE
    good = schema and chasing
    answer = {
        "status": "ready" if good else "not ready",
        "database": "ok" if schema else "schema out of date",
        "last_tick_seconds": age,
    }
    return jsonify(answer), 200 if good else 503


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Prometheus gauges: what waits, what is due, how old the last tick is. Not for the whole world in production."""
    if not _may_measure():
        return Response("Not for you.\n", status=401, mimetype="text/plain", headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    for name, words, value in health.gauges(moment()):
        Gauge(f"strategy_{name}", words, registry=registry).set(value)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_measure() -> bool:
    """Whoever has the token; where there is none, this machine alone, and nothing a proxy on it passes on."""
    token = current_app.config["METRICS_TOKEN"]
    if token:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    here = not passed_on and ip_address(request.remote_addr or "0.0.0.0").is_loopback
    return here or bool(current_app.config["METRICS_OPEN"])
