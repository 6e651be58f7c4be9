from accord.schemas import Reference, Subject, Version, fingerprint, guid_of


def test_the_guid_is_the_md5_of_the_text_as_a_uuid() -> None:
    assert guid_of(fingerprint('"string"')) == "095d71cf-1255-6b9d-5e33-0ad575b3df5d"


def test_references_are_part_of_the_identity_in_their_order() -> None:
    one = Reference("a", Subject("s"), Version(1))
    other = Reference("b", Subject("s"), Version(2))
    prints = {
        fingerprint("{}"),
        fingerprint("{}", [one]),
        fingerprint("{}", [one, other]),
        fingerprint("{}", [other, one]),
    }
    assert len(prints) == 4
