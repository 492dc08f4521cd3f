"""Syslog listeners and followed files of the real binary: every message is in the store afterwards."""
import collections
import json
import os
import pathlib
import random
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from tests.integration.harness import MODE, Server, wait_until

DEADLINE = 60


def cef(number, name="Worm stopped"):
    return (f"<134>Jan 18 11:07:53 gw1 CEF:0|Maker|Box|1|100|{name}|8|eventId=cef-{number} "
            f"src=10.1.{number // 250 % 250}.{number % 250} dst=203.0.113.9 shost=host-{number}")


def plain(number):
    return f"<38>Jan 18 11:07:53 web-1 sshd[{number}]: Failed password for root from 203.0.113.9"


class Intake:
    """A server with a settings file; its listeners' ports by name. Without rules: alerts are those that were sent."""

    def __init__(self, settings):
        self.directory = tempfile.TemporaryDirectory(prefix="tocsin-intake-")
        self.path = pathlib.Path(self.directory.name)
        self.config = self.path / "tocsin.toml"
        self.config.write_text(settings.replace("DIR", str(self.path)) + "\n[detection]\nbundled = false\n")
        self.server = Server(self.path / "data", "--config", str(self.config))

    def __enter__(self):
        self.start()
        return self

    def start(self):
        self.server.start()

    def __exit__(self, *_):
        if self.server.process.poll() is None:
            self.server.stop()
        self.directory.cleanup()

    def source(self, name):
        found = [s for s in self.server.get("/api/v1/sources").json()["items"] if s["name"] == name]
        return found[0] if found else None

    def port(self, name):
        return int(self.source(name)["address"].rsplit(":", 1)[1])

    def connect(self, name):
        return socket.create_connection(("127.0.0.1", self.port(name)), timeout=DEADLINE)

    def stats(self):
        return self.server.get("/api/v1/stats").json()

    def alert_ids(self):
        return collections.Counter(a["source_id"] for a in self.server.every_item("/api/v1/alerts"))

    def wait_for(self, what, count):
        """Until the store holds so many `alerts` or `events`; a greater number is an error too."""
        def value():
            stats = self.stats()
            return stats["events"] if what == "events" else stats["alerts"]["total"]
        wait_until(lambda: value() >= count, DEADLINE, f"{count} {what}, there are {value()}")
        if value() != count:
            raise AssertionError(f"{value()} {what} instead of {count}")


TCP = """
[[intake.syslog]]
name = "tcp"
listen = "127.0.0.1:0"
"""


class Tcp(unittest.TestCase):
    def test_both_framings_over_chunks_of_any_size(self):
        rng = random.Random(7)
        messages = [cef(i) if i % 2 else plain(i) for i in range(400)]
        with Intake(TCP) as intake:
            counted = b"".join(f"{len(m)} {m}".encode() for m in messages[:200])
            lines = b"".join(m.encode() + b"\n" for m in messages[200:])
            for stream in (counted, lines):
                with intake.connect("tcp") as connection:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    while stream:
                        size = rng.randrange(1, 900)
                        connection.sendall(stream[:size])
                        stream = stream[size:]
            intake.wait_for("alerts", 200)
            intake.wait_for("events", 200)
            self.assertEqual(set(intake.alert_ids()), {f"cef-{i}" for i in range(1, 400, 2)})
            wait_until(lambda: intake.source("tcp")["connections"] == 0, DEADLINE, "the connections are closed")
            source = intake.source("tcp")
            self.assertEqual((source["records"], source["alerts"], source["events"]), (400, 200, 200))
            self.assertEqual((source["dead_letters"], source["dropped"], source["errors"]), (0, 0, 0))

    def test_what_cannot_be_read_is_a_dead_letter_and_the_rest_goes_on(self):
        with Intake(TCP) as intake:
            with intake.connect("tcp") as connection:
                connection.sendall(b'<14>app: {"broken": \n' * 500 + plain(1).encode() + b"\n" + b"x" * 70000 + b"\n")
            intake.wait_for("events", 2)
            source = wait_until(lambda: (s := intake.source("tcp"))["records"] == 502 and s, DEADLINE, "all counted")
            self.assertEqual((source["cut"], source["unreadable"]), (1, 500))
            self.assertEqual([reason["count"] for reason in source["unreadable_by_reason"]], [500])
            letters = list(intake.server.every_item("/api/v1/dead-letters"))
            self.assertEqual(len(letters), source["dead_letters"])
            self.assertTrue(1 <= len(letters) <= 20, len(letters))

    def test_a_wrong_count_ends_only_its_connection(self):
        with Intake(TCP) as intake:
            with intake.connect("tcp") as broken, intake.connect("tcp") as sound:
                broken.sendall(b"9 <14>a: bcnonsense")
                self.assertEqual(broken.recv(1), b"", "the server closes it")
                sound.sendall(plain(1).encode() + b"\n")
                intake.wait_for("events", 3)
            self.assertEqual(intake.source("tcp")["errors"], 1)

    def test_a_stop_drains_what_was_received(self):
        count = 20_000
        with Intake(TCP) as intake:
            with intake.connect("tcp") as connection:
                connection.sendall(b"".join(plain(i).encode() + b"\n" for i in range(count)))
                intake.server.stop()
            intake.start()
            self.assertEqual(intake.stats()["events"], count)


class Udp(unittest.TestCase):
    SETTINGS = '[[intake.syslog]]\nname = "udp"\ntransport = "udp"\nlisten = "127.0.0.1:0"\n'

    def test_every_datagram_is_stored_or_counted_as_dropped(self):
        count = 60_000 if MODE == "full" else 20_000
        with Intake(self.SETTINGS) as intake:
            target = ("127.0.0.1", intake.port("udp"))
            message = plain(1).encode().ljust(900)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                for _ in range(count):
                    sender.sendto(message, target)

            def all_known():
                source = intake.source("udp")
                return source if source["records"] + source["dropped"] == count else None
            source = wait_until(all_known, DEADLINE, "records and drops add up to what was sent")
            self.assertEqual(intake.stats()["events"], source["records"])
            print(json.dumps({"sent": count, "stored": source["records"], "dropped": source["dropped"]}))


class Tls(unittest.TestCase):
    def make_certificates(self, directory):
        def openssl(*words):
            subprocess.run(["openssl", *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test ca",
                "-keyout", directory / "ca.key", "-out", directory / "ca.pem")
        for name in ("server", "client"):
            openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", directory / f"{name}.key",
                    "-out", directory / f"{name}.csr")
            openssl("x509", "-req", "-in", directory / f"{name}.csr", "-CA", directory / "ca.pem", "-CAkey",
                    directory / "ca.key", "-CAcreateserial", "-days", "2", "-out", directory / f"{name}.pem")

    def test_messages_arrive_and_strangers_do_not_get_in(self):
        settings = ('[[intake.syslog]]\nname = "tls"\ntransport = "tls"\nlisten = "127.0.0.1:0"\n'
                    'certificate_file = "DIR/server.pem"\nkey_file = "DIR/server.key"\nclient_ca_file = "DIR/ca.pem"\n')
        intake = Intake(settings)
        self.make_certificates(intake.path)
        with intake:
            context = ssl.create_default_context(cafile=str(intake.path / "ca.pem"))
            context.check_hostname = False
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                with context.wrap_socket(intake.connect("tls")) as stranger:  # refused after its first write
                    stranger.sendall(plain(0).encode() + b"\n")
                    stranger.recv(1)
            context.load_cert_chain(intake.path / "client.pem", intake.path / "client.key")
            with context.wrap_socket(intake.connect("tls")) as known:
                for i in range(300):
                    known.sendall(f"{len(cef(i))} {cef(i)}".encode())
            intake.wait_for("alerts", 300)
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.maximum_version = ssl.TLSVersion.TLSv1_1
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                old.wrap_socket(intake.connect("tls"))
            self.assertEqual(intake.stats()["events"], 0)
            wait_until(lambda: intake.source("tls")["errors"] >= 2, 20, "both refusals are counted")


class Reach(unittest.TestCase):
    def test_an_open_address_is_refused(self):
        intake = Intake('[[intake.syslog]]\nname = "open"\nlisten = "0.0.0.0:0"\n')
        with self.assertRaisesRegex(RuntimeError, "anybody could send"):
            intake.start()
        self.assertEqual(intake.server.process.returncode, 2)
        intake.server.stop()
        intake.directory.cleanup()


class Files(unittest.TestCase):
    SETTINGS = '[[intake.file]]\nname = "files"\npaths = ["DIR/logs/*.log"]\nstart = "begin"\n'

    def make(self):
        intake = Intake(self.SETTINGS)
        (intake.path / "logs").mkdir()
        return intake, intake.path / "logs" / "a.log"

    @staticmethod
    def append(path, first, last):
        with open(path, "a") as file:
            file.write("".join(cef(i) + "\n" for i in range(first, last)))

    def assertExactly(self, intake, count):
        ids = intake.alert_ids()
        self.assertEqual(set(ids), {f"cef-{i}" for i in range(count)})
        self.assertEqual([i for i, n in ids.items() if n != 1], [])

    def test_rotation_by_rename_and_by_copy_and_cut(self):
        intake, log = self.make()
        with intake:
            self.append(log, 0, 300)
            intake.wait_for("alerts", 300)
            self.append(log, 300, 600)
            log.rename(log.with_suffix(".log.1"))
            self.append(log.with_suffix(".log.1"), 600, 700)  # the writer has not noticed yet
            self.append(log, 700, 900)
            intake.wait_for("alerts", 900)
            os.truncate(log, 0)
            self.append(log, 900, 1000)
            intake.wait_for("alerts", 1000)
            self.assertExactly(intake, 1000)

    def test_a_line_is_read_when_it_is_whole(self):
        intake, log = self.make()
        with intake:
            with open(log, "w", buffering=1) as file:
                file.write(cef(0) + "\n" + cef(1)[:40])
                intake.wait_for("alerts", 1)
                file.write(cef(1)[40:] + "\n" + "y" * 200_000 + "\n" + cef(2) + "\n")
            intake.wait_for("alerts", 3)
            self.assertExactly(intake, 3)
            self.assertEqual(intake.source("files")["cut"], 1)

    def test_rotation_while_the_server_is_away(self):
        intake, log = self.make()
        with intake:
            self.append(log, 0, 100)
            intake.wait_for("alerts", 100)
            intake.server.stop()
            self.append(log, 100, 200)
            log.rename(log.with_suffix(".log.1"))
            self.append(log, 200, 300)
            intake.start()
            intake.wait_for("alerts", 300)
            self.assertExactly(intake, 300)

    def test_kill_in_the_middle_loses_nothing_and_repeats_no_alert(self):
        cycles = 40 if MODE == "full" else 6
        rng = random.Random(11)
        intake, log = self.make()
        other = log.with_name("plain.log")
        total = 0
        with intake:
            for cycle in range(cycles):
                more = rng.randrange(2000, 6000)
                done = threading.Event()

                def write(first=total, last=total + more):
                    for at in range(first, last, 100):
                        self.append(log, at, min(at + 100, last))
                        with open(other, "a") as file:
                            file.write("".join(plain(i) + "\n" for i in range(at, min(at + 100, last))))
                    done.set()
                writer = threading.Thread(target=write)
                writer.start()
                # The moment of the kill is the random input of this test, not a wait for something.
                time.sleep(rng.uniform(0.02, 0.6))
                intake.server.kill()
                writer.join()
                total += more
                intake.start()
            wait_until(lambda: intake.stats()["alerts"]["total"] >= total, DEADLINE, "all lines are read")
            intake.wait_for("alerts", total)
            self.assertExactly(intake, total)
            # Plain lines have no id: one batch of at most 500 may come twice for each kill.
            wait_until(lambda: intake.stats()["events"] >= total, DEADLINE, "all events are there")
            events = intake.stats()["events"]
            self.assertLessEqual(events, total + cycles * 500)
            print(json.dumps({"kills": cycles, "lines": total, "events_twice": events - total}))


if __name__ == "__main__":
    unittest.main()
