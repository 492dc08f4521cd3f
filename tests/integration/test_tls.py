"""The whole program behind TLS, and what every answer says to browsers."""
import http.client
import json
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import time
import unittest

from tests.integration.harness import Server


def make_certificate(folder, name):
    """A self-signed pair, put in place by renames."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "new.key",
                    "-out", folder / "new.pem"], check=True, capture_output=True)
    (folder / "new.key").rename(folder / "server.key")
    (folder / "new.pem").rename(folder / "server.pem")


@unittest.skipUnless(shutil.which("openssl"), "no openssl here: TLS of the whole program was NOT looked at")
class Tls(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        make_certificate(self.folder, "first")
        (self.folder / "tocsin.toml").write_text(
            f'[listen]\ncertificate_file = "{self.folder}/server.pem"\nkey_file = "{self.folder}/server.key"\n')
        self.server = Server(self.folder / "data", "--config", str(self.folder / "tocsin.toml")).start()
        self.addCleanup(self.server.stop)

    def connect(self):
        context = ssl.create_default_context(cafile=str(self.folder / "server.pem"))
        return http.client.HTTPSConnection("127.0.0.1", self.server.port, timeout=60, context=context)

    def call(self, method, path, body=None, headers=None):
        headers = {"Content-Type": "application/json", **(headers or {})}
        return self.server.call(method, path, body, headers, connection=self.connect())

    def test_an_alert_goes_in_and_comes_out(self):
        made = self.call("POST", "/api/v1/alerts", {"title": "over TLS", "severity": "high", "source": "test"})
        self.assertEqual(made.status, 201, made.body)
        listed = self.call("GET", "/api/v1/alerts")
        self.assertEqual(listed.json()["items"][0]["title"], "over TLS")
        self.assertEqual(listed.headers["strict-transport-security"], "max-age=31536000; includeSubDomains")

    def test_its_own_pages_may_write_and_others_not(self):
        alert = {"title": "x", "severity": "low", "source": "test"}
        own = {"Origin": f"https://127.0.0.1:{self.server.port}"}
        self.assertEqual(self.call("POST", "/api/v1/alerts", alert, own).status, 201)
        for origin in (f"http://127.0.0.1:{self.server.port}", "https://evil.example"):
            self.assertEqual(self.call("POST", "/api/v1/alerts", alert, {"Origin": origin}).status, 403)

    def test_plain_http_is_told_what_to_do(self):
        reply = self.server.call("GET", "/api/v1/alerts")
        self.assertEqual(reply.status, 400)
        self.assertIn("https://", reply.json()["hint"])

    def test_a_new_certificate_is_taken_without_a_restart(self):
        open_one = self.connect()
        self.assertEqual(self.server.call("GET", "/health", connection=open_one).status, 200)
        old = (self.folder / "server.pem").read_text()
        make_certificate(self.folder, "second")
        deadline = time.monotonic() + 30
        while ssl.get_server_certificate(("127.0.0.1", self.server.port)).strip() == old.strip():
            self.assertLess(time.monotonic(), deadline, "the old certificate is still served")
        self.assertEqual(self.call("GET", "/health").status, 200)
        self.assertEqual(self.server.call("GET", "/health", connection=open_one).status, 200)
        events = [json.loads(line).get("event") for line in self.server.log_text().splitlines() if line.startswith("{")]
        self.assertIn("certificate_reloaded", events)

    def test_every_answer_carries_the_security_headers(self):
        want = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY",
                "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin"}
        for method, path in (("GET", "/"), ("GET", "/health"), ("GET", "/api/v1/alerts"), ("GET", "/nothing"),
                             ("PUT", "/api/v1/alerts"), ("POST", "/api/v1/alerts"), ("OPTIONS", "/api/v1/alerts")):
            reply = self.call(method, path, "{" if method == "POST" else None)
            for name, value in want.items():
                self.assertEqual(reply.headers.get(name), value, f"{method} {path} {name}")
            self.assertIn("permissions-policy", reply.headers)
            if path.startswith("/api/"):
                self.assertEqual(reply.headers["cache-control"], "no-store", f"{method} {path}")


if __name__ == "__main__":
    unittest.main()
