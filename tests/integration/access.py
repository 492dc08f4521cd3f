"""People and keys as callers of a server, for the tests of who may do what."""
import base64
import os
import re
import socket
import struct

from tests.integration.harness import ROOT

PASSWORD = "a long enough passphrase 77"


def operations():
    """(method, path, verb) of the document, read line by line: its layout is checked by the formatter."""
    path, method, found = None, None, []
    text = (ROOT / "api/openapi.yaml").read_text()
    for line in text.splitlines():
        if match := re.match(r"  (/\S*):$", line):
            path = match[1]
        elif match := re.match(r"    (get|post|put|patch|delete|head):$", line):
            method = match[1]
        elif match := re.match(r"      x-verb: ([a-z.]+)$", line):
            found.append((method, path, match[1]))
    assert len(found) == text.count("x-verb:") > 100, "an operation was overlooked"
    return found


class Caller:
    def __init__(self, server, tenant, headers):
        self.server, self.tenant, self.headers = server, tenant, headers

    def __call__(self, method, path, body=None, headers=None):
        return self.server.call(method.upper(), path, body, {**self.headers, **(headers or {})})


class Feed:
    """A WebSocket client: the opening, and text frames as they come."""

    def __init__(self, caller, path="/ws"):
        self.socket = socket.create_connection(("127.0.0.1", caller.server.port), timeout=20)
        head = {"Host": f"127.0.0.1:{caller.server.port}", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(), **caller.headers}
        self.socket.sendall((f"GET {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in head.items()) + "\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.socket.recv(4096)
        answer, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.status = int(answer.split(b" ")[1])

    def take(self, count):
        while len(self.buffer) < count:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError
            self.buffer += more
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def message(self):
        first, length = self.take(2)
        length &= 127
        if length == 126:
            length, = struct.unpack(">H", self.take(2))
        elif length == 127:
            length, = struct.unpack(">Q", self.take(8))
        return first & 15, self.take(length).decode(errors="replace")

    def until(self, word):
        """Everything that came up to the message with `word`."""
        heard = []
        while True:
            heard.append(self.message()[1])
            if word in heard[-1]:
                return "".join(heard)


def ok(reply):
    assert reply.status in (200, 201, 202, 204), (reply.status, reply.body[:500])
    return reply.json() if reply.body else None


def sign_in(server, login, password, tenant):
    """Signed in with PASSWORD, which takes the place of `password` first."""
    page = {"Origin": f"http://127.0.0.1:{server.port}"}
    own = {**page, "X-Tocsin-Tenant": tenant}

    def enter(word):
        reply = server.post("/api/v1/session/sign-in", {"login": login, "password": word}, headers=page)
        ok(reply)
        return Caller(server, tenant, {**own, "Cookie": reply.headers["set-cookie"].split(";")[0]})

    if password != PASSWORD:
        ok(enter(password)("put", "/api/v1/me/password", {"current": password, "new": PASSWORD}))
    return enter(PASSWORD)
