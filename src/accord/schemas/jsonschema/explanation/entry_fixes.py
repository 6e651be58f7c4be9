"""What could be done about properties and items that one schema lists, or requires, and the other does not."""

from collections.abc import Iterator

from accord.schemas.fixes import Proposal
from accord.schemas.jsonschema.explanation.editing import (
    Entry,
    Problem,
    not_requiring,
    plain_default,
    remarks,
    requiring,
)
from accord.schemas.pointers import child, parent

# Properties that are required.


def stop_requiring(problem: Problem) -> Iterator[Proposal]:
    """For a property that only the candidate requires."""
    owner, name = problem.spot, problem.difference.facts["name"]
    if owner is None:
        return
    changed = not_requiring(problem.source, owner, name)
    yield problem.proposal("let it be optional", changed, child(owner, "required"))
    place = child(child(owner, "properties"), name)
    default = plain_default(problem.source.value(place)) if place in problem.source else None
    if default is not None:
        changed = problem.source.with_member(place, "default", default)
        yield problem.proposal("give it a default, which readers have to fill in", changed, place)


def keep_requiring(problem: Problem) -> Iterator[Proposal]:
    """For a property that only the earlier schema requires."""
    owner, name = problem.spot, problem.difference.facts["name"]
    if owner is None:
        return
    changed = requiring(problem.source, owner, name)
    yield problem.proposal("keep requiring it", changed, child(owner, "required"))


def let_be_optional(problem: Problem) -> Iterator[Proposal]:
    """For a property that only the candidate describes."""
    if problem.spot is None:
        return
    entry = Entry(problem.spot)
    optional = not_requiring(problem.source, entry.owner, entry.name)
    yield problem.proposal("let it be optional", optional, child(entry.owner, "required"))
    yield from leave_entry_out(problem)
    default = plain_default(problem.mine)
    if default is not None:
        changed = problem.source.with_member(entry.place, "default", default)
        yield problem.proposal("give it a default, which readers have to fill in", changed, entry.place)


def let_be_optional_and_anything(problem: Problem) -> Iterator[Proposal]:
    """For a property that only the candidate describes, where it could be anything before."""
    if problem.spot is None:
        return
    entry = Entry(problem.spot)
    anything = problem.source.with_value(entry.place, remarks(problem.mine))
    changed = not_requiring(anything, entry.owner, entry.name)
    yield problem.proposal("let it be optional, and anything", changed, entry.place)
    yield from let_be_optional(problem)


# Properties and items that only the candidate describes.


def allow_anything(problem: Problem) -> Iterator[Proposal]:
    """For what could be anything before."""
    if problem.spot is None:
        return
    changed = problem.source.with_value(problem.spot, remarks(problem.mine))
    yield problem.proposal("let it be anything", changed, problem.spot)
    yield from leave_entry_out(problem)


def allow_what_was_covered(problem: Problem) -> Iterator[Proposal]:
    """Where the earlier schema has a rule for what is not listed."""
    spot, covered = problem.spot, problem.theirs
    if spot is None or covered is None:
        return
    as_before = problem.source.with_value(spot, covered)
    yield problem.proposal("let it be what it could be before", as_before, spot)
    both = problem.source.with_value(spot, {"anyOf": [covered, problem.mine]})
    yield problem.proposal("allow both", both, spot)
    yield from leave_entry_out(problem)


def leave_entry_out(problem: Problem) -> Iterator[Proposal]:
    """Do without the property or item."""
    if problem.spot is None:
        return
    entry = Entry(problem.spot)
    changed = problem.source.without(entry.place)
    if entry.is_property:
        changed = not_requiring(changed, entry.owner, entry.name)
    before = problem.source.excerpt(entry.place)
    yield Proposal(f"leave the {entry.noun} out", before, "", changed.text)


# Properties and items that only the earlier schema describes.


def keep_entry(problem: Problem) -> Iterator[Proposal]:
    """Describe the property or item as before."""
    owner, place = problem.lacking, problem.earlier_spot
    if owner is None or place is None:
        return
    entry = Entry(place)
    listing = child(owner, entry.keyword)
    # Another draft may have something else under that keyword.
    if listing in problem.source and not isinstance(
        problem.source.value(listing), dict if entry.is_property else list
    ):
        return
    changed = entry.put_into(problem.source, owner, problem.theirs)
    shown = changed.excerpt(entry.place_in(owner))
    yield Proposal(f"keep the {entry.noun}", "", shown, changed.text)
    if entry.name in problem.earlier.source.value(entry.owner).get("required", ()):
        required = requiring(changed, owner, entry.name)
        yield Proposal(f"keep the {entry.noun}, and require it", "", shown, required.text)
    if not entry.is_property:
        every = problem.earlier.source.value(parent(place))
        yield problem.proposal(
            "keep the items", problem.source.with_member(owner, entry.keyword, every), listing
        )


def keep_entry_or_open(problem: Problem) -> Iterator[Proposal]:
    """Describe it as before, or allow whatever is not described."""
    yield from keep_entry(problem)
    owner, place = problem.lacking, problem.earlier_spot
    if owner is None or place is None:
        return
    rests = [child(owner, keyword) for keyword in Entry(place).rests]
    changed = problem.source
    for rest in rests:
        changed = changed.without(rest) if rest in changed else changed
    given = next((rest for rest in rests if rest in problem.source), None)
    if given is not None:
        yield problem.proposal("open the content model", changed, given)


def keep_entry_or_close(problem: Problem) -> Iterator[Proposal]:
    """Describe it as before, or forbid whatever is not described."""
    yield from keep_entry(problem)
    owner, place = problem.lacking, problem.earlier_spot
    if owner is None or place is None:
        return
    closing, _ = Entry(place).rests
    changed = problem.source.with_member(owner, closing, value=False)
    yield problem.proposal("close the content model", changed, child(owner, closing))
