"""URIs of schemas: the few things that references need. Nothing is ever fetched."""

from urllib.parse import unquote, urljoin, urlsplit

from accord.schemas.pointers import tokens


def resolved(base: str, reference: str) -> str:
    """``reference`` as seen from ``base``, without an empty fragment."""
    try:
        found = _found(base, reference)
    except ValueError:
        # What is no URI, such as "http://[", refers to nothing but itself.
        found = reference
    return found.removesuffix("#")


def _found(base: str, reference: str) -> str:
    if reference.startswith("#"):
        return without_fragment(base) + reference
    return reference if urlsplit(reference).scheme else _joined(base, reference)


def without_fragment(uri: str) -> str:
    """The part before the fragment."""
    return uri.partition("#")[0]


def fragment_of(uri: str) -> str:
    """The part after the "#", "" where there is none."""
    return uri.partition("#")[2]


def pointer_tokens(fragment: str) -> list[str]:
    """The steps of a JSON pointer that is written as a fragment."""
    return tokens(unquote(fragment))


def _joined(base: str, reference: str) -> str:
    if not base:
        return reference.removeprefix("./")
    # Python joins only what belongs to schemes it knows.
    scheme, marker, rest = base.partition("://")
    if marker:
        return scheme + urljoin(f"http://{rest}", reference).removeprefix("http")
    return urljoin(base, reference)
