"""Where an installation's data lies, and who may read it there."""

from pathlib import Path

from config import read
from strategy.serving.starting import make_directory


def test_the_directory_and_the_database_are_for_this_account_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    make_directory(read({"STRATEGY_ENV": "demo", "STRATEGY_DATA_DIR": str(folder)}))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "strategy.db").stat().st_mode & 0o777 == 0o600


def test_what_is_there_already_is_left_as_it_is(tmp_path: Path) -> None:
    settings = read({"STRATEGY_ENV": "demo", "STRATEGY_DATA_DIR": str(tmp_path)})
    (tmp_path / "strategy.db").write_bytes(b"kept")
    make_directory(settings)
    assert (tmp_path / "strategy.db").read_bytes() == b"kept"
