"""The pages machines watch."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast


def test_a_living_process_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_a_product_whose_worker_never_came_round_is_not_ready(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["last_tick_seconds"] is None


def test_metrics_count_and_name_nobody(client: FlaskClient, cast: Cast) -> None:
    text = client.get("/metrics").get_data(as_text=True)
    assert "strategy_last_tick_age_seconds -1.0" in text
    assert "strategy_chases_due 0.0" in text


@pytest.fixture
def in_production(app: Flask) -> Iterator[Flask]:
    usual = {name: app.config[name] for name in ("METRICS_OPEN", "METRICS_TOKEN")}
    app.config["METRICS_OPEN"] = False
    yield app
    app.config.update(usual)


def _status(client: FlaskClient, address: str = "203.0.113.9", **headers: str) -> int:
    return client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code


def test_in_production_without_a_token_this_machine_alone_is_answered(
    in_production: Flask, client: FlaskClient, cast: Cast
) -> None:
    assert [_status(client, one) for one in ("127.0.0.1", "::1", "203.0.113.9")] == [200, 200, 401]
    assert _status(client, "127.0.0.1", **{"X-Forwarded-For": "203.0.113.9"}) == 401


def test_with_a_token_whoever_has_it_is_answered_and_nobody_else(
    in_production: Flask, client: FlaskClient, cast: Cast
) -> None:
    in_production.config["METRICS_TOKEN"] = "made-up-token"
    assert _status(client, Authorization="Bearer made-up-token") == 200
    assert _status(client, Authorization="Bearer other") == 401
    assert _status(client, "127.0.0.1") == 401
