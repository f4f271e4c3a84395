"""The certificate authority made on the spot, and the certificates of the hosts it plays."""

import fcntl
import ssl
import subprocess
import threading
from pathlib import Path

# The zones TikTok's hosts lie in; a CDN host must lie in one of them.
ZONES = ("tiktok.com", "tiktokcdn.com", "tiktokcdn-us.com", "tiktokv.com")

EC_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650")
# Python 3.13 verifies strictly: without key usages and key identifiers it refuses the chain.
AUTHORITY_EXTENSIONS = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")
LEAF_EXTENSIONS = ("basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                   "extendedKeyUsage=serverAuth", "authorityKeyIdentifier=keyid")


def in_zone(host: str) -> bool:
    return any(host == zone or host.endswith("." + zone) for zone in ZONES)


class Authority:
    """Files in `directory` are kept for the next start; two processes may share it.

    A certificate covers a domain and `*.` below it: hosts of one domain share one, made when it is first needed.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self.certificate = directory / "ca.pem"
        self._key = directory / "ca.key"
        self._ensure(self.certificate, self._make_authority)

    def context_for(self, host: str) -> ssl.SSLContext:
        """The server context whose certificate names `host`, below one of ZONES."""
        domain = host if host in ZONES else host.partition(".")[2]
        return self._context(domain, f"DNS:{domain},DNS:*.{domain}")

    def proxy_context(self) -> ssl.SSLContext:
        return self._context("localhost", "DNS:localhost,IP:127.0.0.1")

    def _context(self, name: str, alternatives: str) -> ssl.SSLContext:
        with self._lock:
            if name not in self._contexts:
                leaf = self._directory / f"{name}.pem"
                self._ensure(leaf, lambda path: self._make_leaf(path, name, alternatives))
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(leaf)
                context.set_alpn_protocols(["http/1.1"])
                self._contexts[name] = context
            return self._contexts[name]

    def _ensure(self, path: Path, make) -> None:
        with (self._directory / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                make(path)

    def _make_authority(self, path: Path) -> None:
        unfinished = path.with_suffix(".part")
        openssl_req("-subj", "/CN=Stand-in TikTok authority", "-keyout", self._key, "-out", unfinished,
                    extensions=AUTHORITY_EXTENSIONS)
        unfinished.rename(path)

    def _make_leaf(self, path: Path, name: str, alternatives: str) -> None:
        key, certificate = path.with_suffix(".key.part"), path.with_suffix(".part")
        openssl_req("-CA", self.certificate, "-CAkey", self._key, "-subj", f"/CN={name}",
                    "-keyout", key, "-out", certificate,
                    extensions=(*LEAF_EXTENSIONS, f"subjectAltName={alternatives}"))
        certificate.write_bytes(key.read_bytes() + certificate.read_bytes())
        key.unlink()
        certificate.rename(path)


def openssl_req(*arguments, extensions: tuple[str, ...]) -> None:
    """Makes a key and a certificate. The configuration is ours: the system's would add extensions of its own."""
    options = [word for extension in extensions for word in ("-addext", extension)]
    subprocess.run(["openssl", "req", "-config", Path(__file__).with_name("openssl.cnf"), "-x509", *EC_KEY, *arguments,
                    *options], check=True, stdin=subprocess.DEVNULL, capture_output=True)
