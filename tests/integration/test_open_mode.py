"""The rules of open mode, one test each (docs/security/open-mode.md)."""
import base64
import os
import socket
import subprocess
import tempfile

from tests.integration.harness import BINARY, ServerTest


class OpenMode(ServerTest):
    def post_with(self, **headers):
        names = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.server.post("/api/v1/alerts", {"message": "open mode", "host": os.urandom(4).hex()}, headers=names)

    def test_host_must_be_loopback_with_the_port(self):
        port = self.server.port
        for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
            self.assertEqual(self.server.get("/healthz", headers={"Host": host}).status, 200, host)
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}",
                     f"localhost.evil.example:{port}", f"127.0.0.1.evil:{port}", f"10.0.0.1:{port}"):
            self.assertProblem(self.server.get("/api/v1/alerts", headers={"Host": host}), 403)

    def test_a_foreign_origin_cannot_write(self):
        port = self.server.port
        for origin in ("https://evil.example", "null", f"http://localhost:{port + 1}", f"https://localhost:{port}"):
            self.assertProblem(self.post_with(Origin=origin), 403)
        for origin in (f"http://localhost:{port}", f"http://127.0.0.1:{port}"):
            self.assertEqual(self.post_with(Origin=origin, Host=origin[7:]).status, 201)

    def test_a_foreign_origin_gets_no_cors_headers(self):
        reply = self.server.get("/api/v1/alerts", headers={"Origin": "https://evil.example"})
        self.assertFalse([h for h in reply.headers if h.startswith("access-control-")])
        preflight = self.server.call("OPTIONS", "/api/v1/alerts", headers={
            "Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
        self.assertFalse([h for h in preflight.headers if h.startswith("access-control-")])

    def websocket_status(self, origin):
        key = base64.b64encode(os.urandom(16)).decode()
        request = (f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nUpgrade: websocket\r\n"
                   f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                   f"Origin: {origin}\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as connection:
            connection.sendall(request.encode())
            return int(connection.recv(4096).split(b" ")[1])

    def test_a_foreign_origin_cannot_open_a_websocket(self):
        self.assertEqual(self.websocket_status("https://evil.example"), 403)
        self.assertEqual(self.websocket_status(f"http://127.0.0.1:{self.server.port}"), 101)

    def test_json_only_as_json(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            self.assertProblem(self.post_with(Content_Type=kind), 415)
        self.assertEqual(self.post_with(Content_Type="application/json; charset=utf-8").status, 201)

    def test_proxied_requests_are_refused(self):
        self.assertProblem(self.server.get("/api/v1/alerts", headers={"X-Forwarded-For": "1.2.3.4"}), 403)
        self.assertProblem(self.server.get("/api/v1/alerts", headers={"Forwarded": "for=1.2.3.4"}), 403)

    def test_any_other_address_is_refused_at_start(self):
        with tempfile.TemporaryDirectory() as directory:
            for address in ("0.0.0.0:0", "[::]:0"):
                run = subprocess.run([BINARY, "serve", "--listen", address, "--data", directory + "/d"], timeout=30,
                                     capture_output=True, text=True, check=False)
                self.assertEqual(run.returncode, 2, run.stderr)
                self.assertIn("sign-in", run.stderr)


if __name__ == "__main__":
    import unittest

    unittest.main()
