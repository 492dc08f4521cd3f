"""A crash of the server writes no memory to disk, unless the settings say so."""
import pathlib
import resource
import signal
import tempfile
import unittest

from tests.integration.harness import Server

SECRET = "tocsin-secret-4711-in-memory"


class CoreDumps(unittest.TestCase):
    def limits(self, *flags):
        with tempfile.TemporaryDirectory(prefix="tocsin-core-") as directory:
            here = pathlib.Path(directory)
            if flags:
                (here / "tocsin.toml").write_text("[process]\ncore_dumps = true\n")
                flags = ("--config", here / "tocsin.toml")
            server = Server(here / "data", *map(str, flags)).start()
            server.post("/api/v1/alerts", {"message": SECRET})
            text = pathlib.Path(f"/proc/{server.process.pid}/limits").read_text()
            server.process.send_signal(signal.SIGSEGV)
            server.process.wait(30)
            server.process.stdout.close()
            server.log.close()
            cores = [p for p in here.rglob("*") if p.is_file() and p.name.startswith("core")]
            line = next(line for line in text.splitlines() if line.startswith("Max core file size"))
            return line.split()[4], cores, server.log_text()

    def test_none_by_default(self):
        limit, cores, log = self.limits()
        self.assertEqual(limit, "0")
        self.assertEqual(cores, [])
        self.assertNotIn(SECRET, log)

    def test_the_setting_leaves_the_limit_alone(self):
        soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
        limit, _, _ = self.limits("with settings")
        self.assertEqual(limit, "unlimited" if soft == resource.RLIM_INFINITY else str(soft))


if __name__ == "__main__":
    unittest.main()
