from accord.schemas import DataRule, Metadata
from accord.schemas.metadata import merged


def test_tags_and_sensitive_names_are_sets() -> None:
    sent = Metadata({"x": ("b", "a", "b")}, {"k": "v"}, ("z", "k", "z"))

    assert sent == Metadata({"x": ("a", "b")}, {"k": "v"}, ("k", "z"))
    assert sent.tags == {"x": ("a", "b")}
    assert DataRule(tags=("b", "a", "b")).tags == ("a", "b")


def test_what_lies_over_wins_and_sets_add_up() -> None:
    under = Metadata({"x": ("a",), "y": ("c",)}, {"k": "v", "l": "w"}, ("k",))
    over = Metadata({"x": ("b",)}, {"k": "o"}, ("l",))

    assert merged(under, over) == Metadata({"x": ("a", "b"), "y": ("c",)}, {"k": "o", "l": "w"}, ("k", "l"))
    assert merged(under, None) is under
    assert merged(None, over) is over
