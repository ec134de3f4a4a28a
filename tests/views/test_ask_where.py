"""The public page where there is one council, or none yet."""

from flask import Flask
from flask.testing import FlaskClient

from strategy.commands import authorities
from strategy.commands.authorities import NewAuthority
from strategy.db import transaction
from strategy.policy import example_text
from strategy.vocabulary import Nation, Via


def test_one_council_is_asked_without_choosing_and_none_says_so(app: Flask, client: FlaskClient) -> None:
    assert "No council can be asked here yet" in client.get("/ask").text
    one = NewAuthority("otherton", "Otherton Council", "Otherton", "01632 960199", Nation.ENGLAND_AND_WALES)
    with transaction("tests", Via.COMMAND_LINE) as act:
        authorities.begin(one, example_text(), act)
    assert client.get("/ask").location == "/ask/otherton"
