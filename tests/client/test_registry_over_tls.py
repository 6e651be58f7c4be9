"""Both clients and TLS: whom they trust, who they are, and one clear error for everything that does not fit."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.client.conftest import LOOPBACK, Authority, Connect, Files, Proxy, Server, serving

from accord.client import Patience, RegistrySettings, RegistryUnavailable
from accord.client.tls import tls_context
from accord.errors import ConfigurationError
from accord.schemas import Schema

SCHEMA = Schema('"string"')
ONCE = Patience(tries=1)


def spoken_by(
    files: Files, *, wants: Path | None = None, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> Server:
    """A server with a certificate; it wants one of its clients if an authority is named."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    context.maximum_version = newest
    if wants is not None:
        context.load_verify_locations(wants)
        context.verify_mode = ssl.CERT_REQUIRED
    return Server(context)


@pytest.fixture(scope="module")
def ours(authority: Authority) -> Files:
    return authority.issue("client")


@pytest.fixture(scope="module")
def theirs(authority: Authority) -> Files:
    return authority.issue("server", LOOPBACK)


@pytest.fixture
def server(theirs: Files) -> Iterator[Server]:
    with serving(spoken_by(theirs)) as server:
        yield server


def test_an_authority_of_ones_own_is_trusted(connect: Connect, server: Server, authority: Authority) -> None:
    assert connect(RegistrySettings(server.url, ca_file=authority.file)).schema_by_id(7) == SCHEMA


def test_a_context_of_ones_own_is_used_as_it_is(
    connect: Connect, server: Server, authority: Authority
) -> None:
    context = ssl.create_default_context(cafile=authority.file)
    assert connect(server.url, verify=context).schema_by_id(7) == SCHEMA
    assert connect(server.url, verify=False).schema_by_id(7) == SCHEMA


def test_without_tls_no_authority_is_loaded_and_none_would_be_trusted() -> None:
    plain = tls_context(RegistrySettings("http://one,http://two"))
    assert isinstance(plain, ssl.SSLContext)
    assert (plain.get_ca_certs(), plain.verify_mode, plain.check_hostname) == ([], ssl.CERT_REQUIRED, True)
    assert tls_context(RegistrySettings("http://one,https://two")) is True
    assert tls_context(RegistrySettings("http://one", verify=False)) is False


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_registry_that_wants_to_know_us_is_shown_our_certificate(
    connect: Connect, authority: Authority, theirs: Files, ours: Files, newest: ssl.TLSVersion
) -> None:
    with serving(spoken_by(theirs, wants=authority.file, newest=newest)) as server:
        settings = RegistrySettings(
            server.url, ca_file=authority.file, certificate_file=ours.certificate, key_file=ours.key
        )
        assert connect(settings).schema_by_id(7) == SCHEMA


def test_a_key_may_be_locked_and_may_lie_beside_its_certificate(
    connect: Connect, authority: Authority, theirs: Files, tmp_path: Path
) -> None:
    locked = authority.issue("locked", password="open sesame")
    both = tmp_path / "both.pem"
    both.write_bytes(locked.key.read_bytes() + locked.certificate.read_bytes())
    with serving(spoken_by(theirs, wants=authority.file)) as server:
        settings = RegistrySettings(
            server.url, ca_file=authority.file, certificate_file=both, key_password="open sesame"
        )
        assert connect(settings).schema_by_id(7) == SCHEMA
        assert "sesame" not in repr(settings)


def refusal(connect: Connect, settings: RegistrySettings) -> RegistryUnavailable:
    """The one error, which comes soon."""
    started = time.monotonic()
    with pytest.raises(RegistryUnavailable) as caught:
        connect(settings, patience=ONCE).schema_by_id(7)
    assert time.monotonic() - started < 3
    return caught.value


def test_an_authority_that_we_do_not_trust(
    connect: Connect, server: Server, another_authority: Authority
) -> None:
    for ca_file in (another_authority.file, None):
        error = refusal(connect, RegistrySettings(server.url, ca_file=ca_file))
        assert "is not trusted" in error.message
        assert "as ca_file" in error.hint
    assert server.asked == []


def test_a_certificate_for_another_host(connect: Connect, authority: Authority) -> None:
    with serving(spoken_by(authority.issue("elsewhere", "registry.example"))) as server:
        error = refusal(connect, RegistrySettings(server.url, ca_file=authority.file))
    assert LOOPBACK in error.message
    assert "name of the registry that is in its certificate" in error.hint


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_certificate_of_ours_that_is_missing(
    connect: Connect, authority: Authority, theirs: Files, newest: ssl.TLSVersion
) -> None:
    with serving(spoken_by(theirs, wants=authority.file, newest=newest)) as server:
        error = refusal(connect, RegistrySettings(server.url, ca_file=authority.file))
    assert "certificate_file and key_file" in error.hint


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_certificate_of_ours_that_is_not_trusted(
    connect: Connect,
    authority: Authority,
    another_authority: Authority,
    theirs: Files,
    newest: ssl.TLSVersion,
) -> None:
    foreign = another_authority.issue("foreign")
    with serving(spoken_by(theirs, wants=authority.file, newest=newest)) as server:
        settings = RegistrySettings(
            server.url, ca_file=authority.file, certificate_file=foreign.certificate, key_file=foreign.key
        )
        error = refusal(connect, settings)
    assert "certificate" in error.hint
    assert "trusts" in error.hint


def test_plain_http_to_a_port_that_speaks_tls(connect: Connect, server: Server) -> None:
    error = refusal(connect, RegistrySettings(server.url.replace("https", "http")))
    assert "begins with https://" in error.hint


def test_tls_to_a_port_that_speaks_plain_http(connect: Connect, authority: Authority) -> None:
    with serving(Server()) as server:
        error = refusal(
            connect, RegistrySettings(server.url.replace("http", "https"), ca_file=authority.file)
        )
    assert "nobody speaks TLS" in error.message
    assert "begins with http://" in error.hint


def test_trouble_with_one_nodes_certificate_is_no_trouble_with_the_next(
    connect: Connect, server: Server, authority: Authority, another_authority: Authority
) -> None:
    with serving(spoken_by(another_authority.issue("stranger", LOOPBACK))) as stranger:
        settings = RegistrySettings([stranger.url, server.url], ca_file=authority.file)
        assert connect(settings).schema_by_id(7) == SCHEMA


def test_a_proxy_does_not_see_what_is_said(connect: Connect, server: Server, authority: Authority) -> None:
    with serving(Proxy()) as proxy:
        settings = RegistrySettings(server.url, ca_file=authority.file, proxy=proxy.url, token="secret")
        assert connect(settings).schema_by_id(7) == SCHEMA
    (asked,) = proxy.asked
    assert (asked.method, asked.path) == ("CONNECT", server.url.removeprefix("https://"))
    assert "secret" not in str(asked)


def test_a_proxy_may_speak_tls_itself(
    connect: Connect, server: Server, authority: Authority, theirs: Files
) -> None:
    with serving(Proxy(spoken_by(theirs).context)) as proxy:
        settings = RegistrySettings(server.url, ca_file=authority.file, proxy=proxy.url)
        assert connect(settings).schema_by_id(7) == SCHEMA
    assert proxy.asked[0].method == "CONNECT"


# Files that cannot be used: told before anything is sent


def test_files_that_cannot_be_used(
    connect: Connect, authority: Authority, ours: Files, tmp_path: Path
) -> None:
    locked = authority.issue("locked", password="open sesame")
    another = authority.issue("another")
    no_pem = tmp_path / "no.pem"
    no_pem.write_text("nothing")
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"ca_file": tmp_path / "none.pem"}, "none.pem' cannot be read", "check its path"),
        ({"ca_file": tmp_path}, "cannot be read", "check its path"),
        ({"ca_file": no_pem}, "no certificate in", "BEGIN CERTIFICATE"),
        ({"ca_file": ours.key}, "no certificate in", "BEGIN CERTIFICATE"),
        ({"certificate_file": tmp_path / "none.pem"}, "cannot be read", "check its path"),
        ({"certificate_file": ours.certificate, "key_file": tmp_path / "none.key"}, "none.key' cannot", "path"),
        ({"certificate_file": ours.certificate}, "cannot be used", "both are in PEM form"),
        ({"certificate_file": no_pem, "key_file": ours.key}, "cannot be used", "both are in PEM form"),
        ({"certificate_file": ours.certificate, "key_file": another.key}, "cannot be used", "belongs to"),
        ({"certificate_file": locked.certificate, "key_file": locked.key}, "cannot be used", "no key_password"),
        (
            {"certificate_file": locked.certificate, "key_file": locked.key, "key_password": "sesame!"},
            "cannot be used",
            "key_password does not open it",
        ),
    ]  # fmt: skip
    for options, message, hint in cases:
        with pytest.raises(ConfigurationError) as caught:
            connect(RegistrySettings(f"https://{LOOPBACK}:1", **options))
        assert message in caught.value.message
        assert hint in caught.value.hint
        assert "sesame" not in caught.value.message + caught.value.hint
