"""Holds the product as benchmarks run it: configured, its tables made. What it is filled with each says itself."""

from flask import Flask

from benchmarks._bare_loop import SENDER
from config import read
from strategy.app import create_app
from strategy.db import Base, db, transaction
from strategy.vocabulary import Via


def application(url: str, folder: str, *, tables: bool = True) -> Flask:
    """The application on that database. ``tables`` False where another process has made them."""
    secrets = {name: name * 3 for name in ("SECRET_KEY", "PASSWORD_SALT", "LINK_SECRET", "DATA_KEYS")}
    settings = {f"STRATEGY_{name}": value for name, value in secrets.items()}
    settings |= {"STRATEGY_ENV": "test", "DATABASE_URL": url, "STRATEGY_DATA_DIR": folder, "SMTP_FROM": SENDER}
    app = create_app(read(settings | {"STRATEGY_BASE_URL": "https://sd.example"}))
    if tables:
        with app.app_context(), transaction("bench", Via.COMMAND_LINE):
            Base.metadata.create_all(db.session.connection())
    return app
