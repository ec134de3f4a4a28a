"""The pages machines watch."""

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
