"""Starts the real binary on a free port and talks to it over HTTP. Standard library only."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("TOCSIN_BIN", ROOT / "build/release/tocsin"))
MODE = os.environ.get("TOCSIN_TEST_MODE", "normal")
SHARED_DATA = pathlib.Path(os.environ.get("TOCSIN_SHARED_DATA", ROOT.parent / "shared/data"))


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {k.lower(): v for k, v in headers}
        self.body = body

    def json(self):
        return json.loads(self.body)


class Server:
    """One `tocsin serve` over a data directory. The directory outlives it, so that a restart finds the same data."""

    def __init__(self, data, *flags, env=None):
        self.data = pathlib.Path(data)
        self.flags = flags
        self.env = env or {}
        self.process = None
        self.port = None

    def start(self, timeout=60):
        command = [str(BINARY), "serve", "--listen", "127.0.0.1:0", "--data", str(self.data), *self.flags]
        self.log = open(self.data.parent / (self.data.name + ".log"), "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, cwd=self.data.parent,
                                        env={**os.environ, **self.env})
        line = self.process.stdout.readline().decode()
        match = re.search(r"listening on https?://[^:]+:(\d+)", line)
        if not match:
            self.process.wait(timeout)
            raise RuntimeError(f"no listening line: {line!r}\n{self.log_text()[-2000:]}")
        self.port = int(match.group(1))
        return self

    def log_text(self):
        return (self.data.parent / (self.data.name + ".log")).read_text(errors="replace")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def stop(self, timeout=30):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout)
        if self.process:
            self.process.stdout.close()
            self.log.close()
        return self.process.returncode

    def connection(self, timeout=60):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def call(self, method, path, body=None, headers=None, connection=None):
        own = connection is None
        connection = connection or self.connection()
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            return Reply(response.status, response.getheaders(), response.read())
        finally:
            if own:
                connection.close()

    def get(self, path, **kwargs):
        return self.call("GET", path, **kwargs)

    def post(self, path, body=None, **kwargs):
        return self.call("POST", path, body, **kwargs)

    def rss_kib(self):
        return self.memory_kib("VmRSS")

    def peak_rss_mib(self):
        return self.memory_kib("VmHWM") / 1024

    def memory_kib(self, name):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        raise RuntimeError("no " + name)

    def every_item(self, path):
        """All items of a paged list."""
        cursor = ""
        joiner = "&" if "?" in path else "?"
        while True:
            page = self.get(f"{path}{joiner}limit=1000" + (f"&cursor={cursor}" if cursor else "")).json()
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return


def wait_until(condition, seconds, what):
    """Polls until the condition holds; fails the test when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


class ServerTest(unittest.TestCase):
    """A server for the whole class, on an empty data directory."""

    flags = ()
    env = {}

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="tocsin-test-")
        cls.server = Server(pathlib.Path(cls.directory.name) / "data", *cls.flags, env=cls.env).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.directory.cleanup()

    def assertProblem(self, reply, status):
        self.assertEqual(reply.status, status, reply.body[:500])
        self.assertEqual(reply.headers["content-type"], "application/problem+json")
        problem = reply.json()
        for field in ("type", "title", "status", "detail", "trace_id"):
            self.assertIn(field, problem)
        self.assertEqual(problem["status"], status)
        return problem


@contextlib.contextmanager
def server(*flags, data=None, env=None):
    with tempfile.TemporaryDirectory(prefix="tocsin-test-") as directory:
        running = Server(data or pathlib.Path(directory) / "data", *flags, env=env).start()
        try:
            yield running
        finally:
            running.stop()
