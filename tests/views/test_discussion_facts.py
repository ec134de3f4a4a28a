"""From a discussion's page to the forms of its contact, and back."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from strategy.db import db
from strategy.models import Discussion, User
from tests.cast import Cast
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def worker(cast: Cast, sign_in: SignIn, convened: int) -> FlaskClient:
    return sign_in(cast.social_worker)


def test_threshold_and_family_are_recorded_from_here_and_lead_back_here(
    worker: FlaskClient, cast: Cast, convened: int
) -> None:
    contact_id = db.session.get_one(Discussion, convened).contact_id
    facts = f"/contacts/{contact_id}/facts?discussion={convened}"
    assert f'href="{facts}"' in worker.get(f"/discussions/{convened}").text
    assert f'href="/discussions/{convened}"' in worker.get(facts).text
    walker = Walker(worker)
    walker.open(facts)
    page = walker.send("Save", family_told="yes")
    assert page.url == f"/discussions/{convened}" and f"said by {cast.social_worker.full_name}" in page.words
    # no other contact's discussion, and nothing that is none
    for other in ("999", "x"):
        assert f'href="/contacts/{contact_id}"' in worker.get(f"/contacts/{contact_id}/facts?discussion={other}").text


def test_who_may_not_write_is_not_led_to_the_forms(cast: Cast, convened: int, sign_in: SignIn) -> None:
    assert "/facts" not in sign_in(cast.leader).get(f"/discussions/{convened}").text
