"""What a draft's pages remark and do not refuse."""

from tests.views.test_policy import send, standard
from tests.walking import Walker


def test_a_target_of_a_year_is_taken_with_a_remark(drafting: Walker) -> None:
    assert send(drafting.client, "/policy/draft/targets/standard", **standard(due="365 wd")).status_code == 303
    for page in ("/policy/draft", "/policy/draft/publish"):
        assert "due after 365 working days" in drafting.open(page).words
