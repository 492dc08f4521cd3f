"""Disk full: writes are refused with a clear error, reads go on, and it recovers by itself."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from tests.integration.harness import Server, wait_until


def mount_small(path):
    """A 24 MiB file system; False where mounting is not allowed."""
    return subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", path], capture_output=True,
                          check=False).returncode == 0


class DiskFull(unittest.TestCase):
    def test_refuses_writes_reads_on_and_recovers(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-full-") as directory:
            disk = pathlib.Path(directory) / "disk"
            disk.mkdir()
            if not mount_small(str(disk)):
                self.skipTest("mounting a small file system needs root")
            try:
                self.fill_and_recover(disk)
            finally:
                subprocess.run(["umount", "-l", str(disk)], check=False)

    def fill_and_recover(self, disk):
        data = disk / "data"
        server = Server(data)
        # The log must not compete for the space.
        server.data.parent.joinpath("data.log").symlink_to(disk.parent / "data.log")
        server.start()
        ballast = disk / "ballast"
        kept = []
        self.assertEqual(server.post("/api/v1/alerts", self.alert(0)).status, 201)
        kept.append("full-0")
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                pass
        refused = None
        for i in range(1, 400):
            reply = server.post("/api/v1/alerts", self.alert(i))
            if reply.status == 507:
                refused = reply
                break
            self.assertEqual(reply.status, 201, reply.body)
            kept.append(f"full-{i}")
        self.assertIsNotNone(refused, "the disk never filled")
        self.assertEqual(refused.headers["content-type"], "application/problem+json")
        self.assertIn("disk", refused.body.decode().lower())
        self.assertEqual(server.get("/api/v1/alerts?limit=5").status, 200)
        self.assertEqual(server.get("/readyz").status, 503)
        self.assertEqual(server.get("/healthz").status, 200)
        ballast.unlink()
        wait_until(lambda: server.post("/api/v1/alerts", self.alert(1000)).status in (200, 201), 30, "writes work again")
        wait_until(lambda: server.get("/readyz").status == 200, 30, "ready again")
        kept.append("full-1000")
        stored = sorted(a["source_id"] for a in server.every_item("/api/v1/alerts"))
        self.assertEqual(stored, sorted(kept))
        self.assertEqual(server.stop(), 0)

    @staticmethod
    def alert(i):
        return {"id": f"full-{i}", "message": f"disk {i} " + os.urandom(8000).hex(), "host": f"h{i}", "alert_type": "fill"}


if __name__ == "__main__":
    unittest.main()
