"""An authority's own words go out with their link, by mail and by text."""

from notifications.memory import MemoryChannel
from notifications.messages import Email
from strategy.db import db, transaction
from strategy.vocabulary import Via
from tests.cast import Cast
from tests.commands.test_wordings import use
from tests.convened import convene
from tests.worker.ticking import Tick


def test_what_an_authority_wrote_goes_out_with_the_link_in_it(
    cast: Cast, tick: Tick, mails: MemoryChannel, texts: MemoryChannel
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        use(db.session.merge(cast.authority))
        convene(cast)
    tick()
    text = next(one.text for one in texts.sent if one.to == "+447700900001").split("\n")
    mail = next(one for one in mails.sent if one.to == "mash@police.example")
    assert text[0].startswith("Exampleshire Council: please come Fri 27 Nov 3:30pm. ")
    assert text[1].startswith("https://sd.example/a/")
    link = next(line for line in mail.text.split("\n") if line.startswith("https://sd.example/a/"))
    assert isinstance(mail, Email) and mail.html is not None
    assert mail.html.count(link) == 2 and "&lt;b&gt;Kindly&lt;/b&gt;" in mail.html
    assert ": please join us Fri 27 Nov 3:30pm (" in mail.subject
