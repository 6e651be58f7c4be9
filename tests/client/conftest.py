"""Either client called in one way; certificates, and small servers on real sockets to try them against."""

import asyncio
import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from accord.client import AsyncRegistry, Registry

LOOPBACK = "127.0.0.1"


class Connect(Protocol):
    """Makes a client of the kind that the test runs for; its methods block, whichever kind it is."""

    def __call__(
        self,
        url: Any,
        *,
        answers: Callable[[httpx2.Request], httpx2.Response] | None = None,
        waits: list[float] | None = None,
        **options: Any,
    ) -> Any: ...


@pytest.fixture(params=["Registry", "AsyncRegistry"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Answers may come from a function instead of a socket; no wait takes time, all are noted in ``waits``."""
    make = Registry if request.param == "Registry" else _Awaited
    with contextlib.ExitStack() as stack:

        def connect(
            url: Any, *, answers: Any = None, waits: list[float] | None = None, **options: Any
        ) -> Any:
            options |= {"transport": httpx2.MockTransport(answers)} if answers else {}
            options.setdefault("dice", lambda: 1.0)
            client = make(url, sleep=(waits if waits is not None else []).append, **options)
            if isinstance(client, _Awaited):
                stack.enter_context(client.loop)
            stack.callback(client.close)
            return client

        yield connect


class _Awaited:
    """An AsyncRegistry with an event loop of its own, in which every call is awaited at once."""

    def __init__(self, url: Any, *, sleep: Callable[[float], None], **options: Any) -> None:
        async def note(seconds: float) -> None:
            sleep(seconds)

        self._registry = AsyncRegistry(url, sleep=note, **options)
        self.loop = asyncio.Runner()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._registry, name)
        return (lambda *args, **kwargs: self.loop.run(found(*args, **kwargs))) if callable(found) else found

    def close(self) -> None:
        self.loop.run(self._registry.aclose())


@dataclass(frozen=True)
class Answer:
    """What a small server says: by default, a schema."""

    status: int = 200
    body: object = field(default_factory=lambda: {"schema": '"string"'})
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """What a small server was asked."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Server:
    """A small HTTP server, spoken to in TLS if it has a context: gives ``answer`` to everything."""

    context: ssl.SSLContext | None = None
    answer: Callable[[Asked], Answer] = lambda _: Answer()
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked = Asked(self.command, self.path, dict(self.headers))
                server.asked.append(asked)
                answer = server.answer(asked)
                content = json.dumps(answer.body).encode()
                self.send_response(answer.status)
                for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 -- the library's names

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@dataclass
class Proxy(Server):
    """An HTTP proxy: passes on what it is asked for, to whoever brings the right Proxy-Authorization if it has one."""

    authorization: str | None = None

    def handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_CONNECT(self) -> None:
                if self.admitted():
                    self.send_response(200)
                    self.end_headers()
                    host, _, port = self.path.rpartition(":")
                    with socket.create_connection((host, int(port))) as origin:
                        _relay(self.connection, origin)

            def do_GET(self) -> None:
                if self.admitted():
                    target = urlsplit(self.path)
                    with socket.create_connection((target.hostname, target.port or 80)) as origin:
                        origin.sendall(f"GET {target.path} HTTP/1.0\r\n\r\n".encode())
                        while part := origin.recv(65536):
                            self.wfile.write(part)

            def admitted(self) -> bool:
                proxy.asked.append(Asked(self.command, self.path, dict(self.headers)))
                if proxy.authorization in {None, self.headers.get("Proxy-Authorization")}:
                    return True
                self.send_error(407)
                return False

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Pass on what each says, until one hangs up."""
    back = threading.Thread(target=_pass_on, args=(other, one), daemon=True)
    back.start()
    _pass_on(one, other)
    back.join(10)


def _pass_on(said: socket.socket, heard: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := said.recv(65536):
            heard.sendall(part)
    with contextlib.suppress(OSError):
        heard.shutdown(socket.SHUT_RDWR)


class _Threads(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *args: Any) -> None:
        self._connections: list[socket.socket] = []
        super().__init__(*args)

    def finish_request(self, request: Any, client_address: Any) -> None:
        self._connections.append(request)
        super().finish_request(request, client_address)

    def hang_up(self) -> None:
        """End the connections that are kept alive, as a process does that dies."""
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: object) -> None:
        """Clients that break off are part of the tests."""


S = TypeVar("S", bound=Server)


@contextlib.contextmanager
def serving(server: S) -> Iterator[S]:
    """The server runs, on a port of its own."""
    with _Threads((LOOPBACK, 0), server.handler()) as listener:
        if server.context is not None:
            listener.socket = server.context.wrap_socket(listener.socket, server_side=True)
        scheme = "http" if server.context is None else "https"
        server.url = f"{scheme}://{LOOPBACK}:{listener.server_port}"
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()
            listener.hang_up()


class Files(NamedTuple):
    """A certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates, which it puts into a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.file = folder / f"{name}.pem"
        certificate = self._sign(
            self._name,
            self._key,
            (x509.BasicConstraints(ca=True, path_length=None), True),
            (_usage(signs=True), True),
        )
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, *hosts: str, password: str | None = None) -> Files:
        """A certificate for a server at these hosts, or for a client, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [
            x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host) for host in hosts
        ]
        certificate = self._sign(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            key,
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                False,
            ),
            *([(x509.SubjectAlternativeName(names), False)] if names else []),
        )
        files = Files(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        hidden = (
            serialization.BestAvailableEncryption(password.encode())
            if password
            else serialization.NoEncryption()
        )
        files.key.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden)
        )
        return files

    def _sign(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *extensions: tuple[x509.ExtensionType, bool]
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self._key, hashes.SHA256())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.fixture(scope="session")
def another_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("another"), "another")
