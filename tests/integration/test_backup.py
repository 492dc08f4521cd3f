"""Backup under load: a backup is taken while clients post, the server is killed, the file is restored elsewhere; every
alert that was acknowledged before the backup began is there exactly once, and the restored state is the one saved."""
import collections
import json
import os
import pathlib
import random
import re
import subprocess
import tempfile
import time
import unittest

from tests.integration.harness import BINARY, MODE, Server, wait_until
from tests.integration.test_kill import Client

CYCLES = 100 if MODE == "full" else 5


def run(*arguments):
    return subprocess.run([str(BINARY), *map(str, arguments)], capture_output=True, text=True, check=False)


def state_in(output):
    return re.search(r"^state ([0-9a-f]{64})$", output, re.MULTILINE).group(1)


def acknowledged_by(clients):
    return {name for client in clients for name in list(client.acknowledged)}


class BackupUnderLoad(unittest.TestCase):
    def cycle(self, directory, number, rng):
        data, restored, file = directory / f"data-{number}", directory / f"restored-{number}", directory / f"{number}.tocsin"
        server = Server(data).start()
        clients = [Client(server, number, n, batch) for n, batch in enumerate((1, 20, 100))]
        for client in clients:
            client.start()
        wait_until(lambda: len(acknowledged_by(clients)) > rng.randint(300, 1500), 60, "alerts are acknowledged")
        before = acknowledged_by(clients)
        started = time.monotonic()
        made = run("backup", "--data", data, file)
        seconds = time.monotonic() - started
        during = len(acknowledged_by(clients)) - len(before)
        server.kill()
        for client in clients:
            client.join()
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(oct(file.stat().st_mode & 0o777), "0o600")
        listed = run("backup", "--list", file)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        back = run("restore", "--data", restored, file)
        self.assertEqual(back.returncode, 0, back.stderr)
        self.assertEqual(state_in(made.stdout), state_in(back.stdout))
        self.assertEqual(state_in(made.stdout), state_in(listed.stdout))
        stored = self.stored(restored)
        missing = [name for name in before if stored[name] != 1]
        self.assertEqual(missing, [], f"{len(missing)} of {len(before)} acknowledged before the backup are not there once")
        self.assertEqual([name for name, count in stored.items() if count != 1], [])
        self.same_after_a_crash(data, directory / f"crashed-{number}", file.with_suffix(".crashed"))
        return len(before), during, seconds

    def stored(self, data):
        server = Server(data).start()
        try:
            return collections.Counter(alert["source_id"] for alert in server.every_item("/api/v1/alerts"))
        finally:
            server.stop()

    # The directory of the killed server, its journal included, and its copy: the same state, then the same alerts.
    def same_after_a_crash(self, data, copy, file):
        made = run("backup", "--data", data, file)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(run("restore", "--data", copy, file).returncode, 0)
        # Before a start: a server signs audit heads with its own key and at its own time.
        self.assertEqual(self.state(data), self.state(copy))
        self.assertEqual(self.stored(data), self.stored(copy))

    def state(self, data):
        said = run("doctor", "--data", data, "--state-hash")
        self.assertEqual(said.returncode, 0, said.stderr)
        return state_in(said.stdout)

    def test_what_was_acknowledged_before_the_backup_is_restored_exactly_once(self):
        rng = random.Random(20261122)
        totals = collections.Counter()
        with tempfile.TemporaryDirectory(prefix="tocsin-backup-") as directory:
            for number in range(CYCLES):
                before, during, seconds = self.cycle(pathlib.Path(directory), number, rng)
                totals.update(before=before, during=during, seconds=seconds)
        self.assertGreater(totals["during"], 0, "the clients must have got something through while the backup ran")
        print(json.dumps({"cycles": CYCLES, "acknowledged_before": totals["before"],
                          "acknowledged_during": totals["during"], "backup_seconds": round(totals["seconds"], 2)}))


class BackupCommands(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="tocsin-backup-")
        self.addCleanup(self.directory.cleanup)
        self.here = pathlib.Path(self.directory.name)
        self.data = self.here / "data"
        server = Server(self.data).start()
        server.post("/api/v1/alerts", [{"id": f"a{n}", "message": f"m{n}"} for n in range(50)])
        server.stop()
        self.file = self.here / "one.tocsin"

    def test_exit_codes_say_what_is_wrong(self):
        self.assertEqual(run("backup", "--data", self.here / "nowhere", self.file).returncode, 2)
        self.assertEqual(run("backup", "--data", self.data, self.file).returncode, 0)
        again = run("backup", "--data", self.data, self.file)
        self.assertEqual(again.returncode, 2)
        self.assertIn("never overwrites", again.stderr)
        self.assertEqual(run("restore", "--data", self.data, self.file).returncode, 2)
        bytes_ = bytearray(self.file.read_bytes())
        bytes_[len(bytes_) // 2] ^= 4
        self.file.write_bytes(bytes_)
        self.assertEqual(run("backup", "--list", self.file).returncode, 1)
        broken = run("restore", "--data", self.here / "to", self.file)
        self.assertEqual(broken.returncode, 1)
        self.assertIn("SHA-256", broken.stderr)
        self.assertFalse((self.here / "to").exists())

    def test_a_running_server_is_not_restored_over(self):
        self.assertEqual(run("backup", "--data", self.data, self.file).returncode, 0)
        server = Server(self.data).start()
        refused = run("restore", "--force", "--data", self.data, self.file)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("Stop the server first", refused.stderr)
        self.assertEqual(len(list(server.every_item("/api/v1/alerts"))), 50)
        server.stop()
        moved = run("restore", "--force", "--data", self.data, self.file)
        self.assertEqual(moved.returncode, 0, moved.stderr)
        aside = [p for p in self.here.iterdir() if ".before-restore-" in p.name]
        self.assertEqual(len(aside), 1)
        self.assertTrue((aside[0] / "tocsin.db").exists())

    def test_no_secret_is_in_a_backup_or_its_listing(self):
        secrets = [f"tocsin-secret-{n:04d}-{os.urandom(8).hex()}" for n in range(1000)]
        (self.data / "master.key").write_text("\n".join(secrets[:500]))
        (self.data / "signing.pem").write_text("-----BEGIN PRIVATE KEY-----\n" + "\n".join(secrets[500:]))
        made = run("backup", "--data", self.data, self.file)
        self.assertEqual(made.returncode, 0, made.stderr)
        listed = run("backup", "--list", self.file)
        unpacked = subprocess.run(["zstd", "-dc", str(self.file)], capture_output=True, check=False)
        if unpacked.returncode != 0:
            self.skipTest("no zstd command here")
        told = (made.stdout + made.stderr + listed.stdout + listed.stderr).encode() + unpacked.stdout
        self.assertEqual([s for s in secrets if s.encode() in told], [])
        self.assertIn(b"left out: master.key", listed.stdout.encode())
        with_keys = run("backup", "--with-keys", "--data", self.data, self.here / "keys.tocsin")
        listed = run("backup", "--list", self.here / "keys.tocsin")
        told = (with_keys.stdout + with_keys.stderr + listed.stdout + listed.stderr)
        self.assertEqual([s for s in secrets if s in told], [])
        self.assertIn("master.key", listed.stdout)


if __name__ == "__main__":
    unittest.main()
