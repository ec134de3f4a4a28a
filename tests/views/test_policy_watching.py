"""The figures of watching, as an administrator changes them in a draft's form."""

from tests.views.drafting import keep, policy
from tests.walking import Walker


def test_the_watching_is_changed_in_a_form(drafting: Walker) -> None:
    figures = {
        "not_joined_minutes": "7",
        "reminder_share": "30",
        "reminder_least_minutes": "10",
        "reminder_most_minutes": "90",
        "action_before_hours": "48",
        "action_after_hours": "2",
        "near_start_minutes": "45",
        "settle_minutes": "3",
        "target_shares": "0, 25, 100%",
        "target_again_hours": "12",
        "decision_warns": "50",
        "source": "Agreed",
    }
    for box, typed, said in (
        ("target_shares", "soon", "numbers with commas"),
        ("target_shares", "0, 100", "must be three"),
        ("reminder_least_minutes", "100", "must not be longer"),
        ("settle_minutes", "", "enter a whole number"),
    ):
        assert said in keep(drafting, "watching", **{**figures, box: typed})
    keep(drafting, "watching", **figures)
    watch = policy().watch
    assert (watch.not_joined_minutes, watch.reminder_share, watch.target_shares) == (7, 0.3, (0.0, 0.25, 1.0))
