"""Servers that misbehave on a real port of this machine, and certificates of every kind.

A server remembers how many bytes of requests reached it: that none did is what "not sent" must mean.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 23, tzinfo=UTC)
_YEAR = timedelta(days=365)
_RESET = struct.pack("ii", 1, 0)  # linger on, for no time: closing resets


@dataclass
class Wire:
    """One open port.

    Attributes:
        port: of 127.0.0.1.
        heard: what came in of requests, in plain.
    """

    port: int
    heard: bytearray = field(default_factory=bytearray)
    over: threading.Event = field(default_factory=threading.Event)

    def read(self, connection: socket.socket, most: int = 1 << 20) -> bytes:
        """Take in what comes, at most so much."""
        got = connection.recv(most)
        self.heard += got
        return got

    def read_all(self, connection: socket.socket) -> None:
        """Take in one request whose body says how long it is."""
        seen = b""
        while b"\r\n\r\n" not in seen:
            seen += self.read(connection)
        head, _, body = seen.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self.read(connection)


Serve = Callable[[Wire, socket.socket], None]


@contextmanager
def wire(serve: Serve, context: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """A port on which every connection is served so, by TLS where there is a context."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        at = Wire(listener.getsockname()[1])

        def one(connection: socket.socket) -> None:
            connection.settimeout(20)
            with suppress(OSError):
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                serve(at, connection)
            connection.close()

        def accept() -> None:
            while not at.over.is_set():
                with suppress(TimeoutError):
                    threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield at
        finally:
            at.over.set()
            thread.join()


def reset(connection: socket.socket) -> None:
    """Close so that the other end gets a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()


@dataclass(frozen=True)
class Authority:
    """An authority of ours, its certificate at ``path``."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "authority.pem"

    def server(self, *names: str, valid: tuple[datetime, datetime]) -> ssl.SSLContext:
        """What a server shows whose certificate is for these names, for that time."""
        key = ec.generate_private_key(ec.SECP256R1())
        kinds = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names]
        made = _certificate(key, self.key, names[0], "test authority", valid, kinds)
        file = self.folder / f"{names[0]}-{valid[1]:%Y}.pem"
        file.write_bytes(_pem(made) + _pem_key(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def authority(folder: Path) -> Authority:
    """A fresh one, that nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, key, "test authority", "test authority", (NOW - _YEAR, NOW + 50 * _YEAR), None)
    made = Authority(key, certificate, folder)
    made.path.write_bytes(_pem(certificate))
    return made


def _certificate(
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    name: str,
    issuer: str,
    valid: tuple[datetime, datetime],
    names: list[x509.IPAddress | x509.DNSName] | None,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
    )
    if names is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
