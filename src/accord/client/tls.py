"""Whom we trust and who we are, from files in PEM form."""

import ssl
from pathlib import Path

import httpx2

from accord.client.settings import RegistrySettings
from accord.errors import ConfigurationError


def tls_context(settings: RegistrySettings) -> ssl.SSLContext | bool:
    """What to verify the registry with, and our certificate in it. Raises ConfigurationError."""
    if settings.verify is not True:
        return settings.verify
    if settings.ca_file is None and settings.certificate_file is None:
        # To load the system's authorities takes longer than some commands, and over plain HTTP nobody asks for them.
        plain = all(url.startswith("http:") for url in settings.urls)
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else True
    context = trust(settings)
    if settings.certificate_file is not None:
        _identify(context, settings, Path(settings.certificate_file))
    return context


def trust(settings: RegistrySettings) -> ssl.SSLContext:
    """What verifies certificates and the host names in them, and shows none of our own. Raises ConfigurationError."""
    if settings.ca_file is None:
        return httpx2.create_ssl_context()
    _require_readable(Path(settings.ca_file))
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"there is no certificate in '{settings.ca_file}'",
            hint="ca_file holds the certificates of authorities in PEM form: -----BEGIN CERTIFICATE-----",
        ) from error


def _identify(context: ssl.SSLContext, settings: RegistrySettings, certificate_file: Path) -> None:
    key_file = Path(settings.key_file) if settings.key_file is not None else certificate_file
    _require_readable(certificate_file)
    encrypted = b"ENCRYPTED" in _require_readable(key_file)
    try:
        # Without a password, OpenSSL would ask for one on the terminal.
        context.load_cert_chain(certificate_file, key_file, settings.key_password or "")
    except (ssl.SSLError, ValueError) as error:
        raise ConfigurationError(
            f"the certificate in '{certificate_file}' and the key in '{key_file}' cannot be used",
            hint=f"the key is encrypted, and {'the key_password does not open it' if settings.key_password else 'there is no key_password'}"
            if encrypted
            else "both are in PEM form, and the key belongs to the first certificate in its file",
        ) from error


def _require_readable(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"the file '{file}' cannot be read: {error.strerror}",
            hint="check its path, and who may read it",
        ) from error
