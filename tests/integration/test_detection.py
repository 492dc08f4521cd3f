"""Raw events end to end: Sigma rules of a directory, events over HTTP, syslog and a followed file, alerts that survive a kill."""
import json
import pathlib
import tempfile
import threading
import unittest

from tests.integration.harness import Server, wait_until

RULES = r"""title: Shell From Office
id: 11111111-1111-4111-8111-111111111111
author: Ana
level: high
tags: [attack.execution, attack.t1059.001]
logsource: {product: windows, category: process_creation}
detection:
  sel: {ParentImage|endswith: '\winword.exe', Image|endswith: '\powershell.exe'}
  condition: sel
---
title: Failed Logon
id: 33333333-3333-4333-8333-333333333333
name: failed_logon
level: low
logsource: {product: windows, service: security}
detection:
  failed: {EventID: 4625}
  condition: failed
---
title: Many Failed Logons
id: 44444444-4444-4444-8444-444444444444
level: high
correlation:
  type: event_count
  rules: [failed_logon]
  group-by: [TargetUserName]
  timespan: 1h
  condition: {gte: 5}
"""
ANY_SHELL = """title: Any Shell
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: powershell.exe}, condition: s}
"""


def shell(host):
    return {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "Computer": host, "User": "CORP\\ana",
            "UtcTime": "2025-03-01 10:00:00.000", "Image": r"C:\Windows\System32\powershell.exe", "ParentImage": r"C:\Office\WINWORD.EXE"}


def failed(user, minute):
    return {"Channel": "Security", "EventID": 4625, "Computer": "dc1", "TargetUserName": user,
            "@timestamp": f"2025-03-01T10:{minute:02}:00Z", "IpAddress": "203.0.113.9"}


NEW_COUNTRY = """title: New Country
id: 55555555-5555-4555-8555-555555555555
logsource: {category: application, service: generic}
detection:
  new: {baseline.user_country.known: true, baseline.user_country.first_seen: true}
  condition: new
"""


def sign_in(user, country, day):
    return {"source": "app", "event_type": "login", "outcome": "success", "user": user, "country": country, "ip": "203.0.113.9",
            "message": "signed in", "timestamp": f"2025-03-{day:02}T10:00:00Z"}


def ndjson(events):
    return "".join(json.dumps(event) + "\n" for event in events)


LINES = {"Content-Type": "application/x-ndjson"}


class Detection(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-detection-")
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "rules").mkdir()
        (self.path / "rules/own.yml").write_text(RULES)
        self.server = None
        self.addCleanup(lambda: self.server and self.server.stop())

    def start(self, settings=""):
        """With the rules of the test alone."""
        config = self.settings("[detection]\nbundled = false\n" + settings)
        self.server = Server(self.path / "data", "--rules", str(self.path / "rules"), "--config", str(config)).start()
        return self.server

    def titles(self):
        return sorted(alert["title"] for alert in self.server.every_item("/api/v1/alerts?q=source:detection"))

    def alerts_of_event(self, seq):
        return self.server.get(f"/api/v1/events/{seq}").json()["alerts"]

    def test_records_become_alerts_and_a_kill_loses_none(self):
        self.start()
        hosts = [f"pc{i}" for i in range(40)]
        sent = self.server.post("/api/v1/events", ndjson(shell(host) for host in hosts), headers=LINES).json()
        self.assertEqual((sent["accepted"], len(sent["alerts"]), sent["rejected"]), (40, 40, []))
        self.assertEqual(self.server.post("/api/v1/events", [failed("bob", i) for i in range(4)]).json()["alerts"], [])
        self.server.kill()
        self.start()
        self.assertEqual(self.titles(), ["Shell From Office"] * 40)
        alert = self.server.get(f"/api/v1/alerts/{sent['alerts'][0]}").json()
        self.assertEqual((alert["severity"], alert["attack"]["techniques"]), ("high", ["T1059.001"]))
        # The fifth failure of the hour: what was counted before the kill counts.
        fifth = self.server.post("/api/v1/events", [failed("bob", 4)]).json()["alerts"]
        self.assertEqual(len(fifth), 1)
        counted = self.server.get(f"/api/v1/alerts/{fifth[0]}").json()
        self.assertEqual((counted["title"], len(counted["raw"]["event_seqs"])), ("Many Failed Logons", 5))
        self.assertEqual(self.alerts_of_event(counted["raw"]["event_seqs"][-1]), fifth)

    def test_events_that_nobody_waits_for_are_judged(self):
        (self.path / "sysmon.json").write_text(ndjson([shell("pc1")]))
        self.start(f'[[intake.file]]\nname = "sysmon"\npaths = ["{self.path}/sysmon.json"]\n'
                   'source = "windows-eventlog"\nstart = "begin"\n')
        wait_until(lambda: self.titles() == ["Shell From Office"], 60, "the alert of the followed file")
        self.server.post("/api/v1/webhooks/windows-eventlog", [shell("pc2")])
        wait_until(lambda: len(self.titles()) == 2, 60, "the alert of the webhook's event")

    def test_rules_are_reloaded_while_events_come(self):
        self.start()
        self.assertEqual(len(self.server.post("/api/v1/events", [shell("pc1")]).json()["alerts"]), 1)
        (self.path / "rules/more.yml").write_text(ANY_SHELL)
        (self.path / "rules/broken.yml").write_text("title: Broken\nlogsource: {product: windows}\ndetection: {s: {a|b: 1}, condition: s}\n")
        reloaded = self.server.post("/api/v1/rules/reload").json()
        self.assertEqual(len(reloaded["refused"]), 1)
        self.assertIn("broken.yml:3:", reloaded["refused"][0]["where"])
        self.assertEqual(len(self.server.post("/api/v1/events", [shell("pc2")]).json()["alerts"]), 2)

    def test_a_country_new_to_an_account_is_told_also_after_a_kill(self):
        (self.path / "rules/country.yml").write_text(NEW_COUNTRY)
        self.start()
        history = [sign_in("mara", "PT", day) for day in range(1, 15)]
        self.assertEqual(self.server.post("/api/v1/events", ndjson(history), headers=LINES).json()["alerts"], [])
        self.server.kill()
        self.start()  # nothing was saved by then: the events are learned again
        self.assertEqual(self.server.post("/api/v1/events", [sign_in("nuno", "KR", 15)]).json()["alerts"], [])
        told = self.server.post("/api/v1/events", [sign_in("mara", "KR", 15)]).json()["alerts"]
        self.assertEqual(len(told), 1)
        alert = self.server.get(f"/api/v1/alerts/{told[0]}").json()
        self.assertEqual(alert["title"], "New Country")
        self.assertIn("baseline.user_country.first_seen", json.dumps(alert["raw"]))
        self.assertEqual(self.alerts_of_event(alert["raw"]["event_seqs"][-1]), told)
        self.assertEqual(self.server.post("/api/v1/events", [sign_in("mara", "KR", 16)]).json()["alerts"], [])
        trial = self.server.post("/api/v1/rules/backtest", {"rule_id": "55555555-5555-4555-8555-555555555555"}).json()
        self.assertEqual((trial["events"], trial["matches"]), (17, 1))

    def test_a_rule_that_reads_no_declared_baseline_is_refused(self):
        (self.path / "rules/country.yml").write_text(NEW_COUNTRY.replace("user_country", "user_planet"))
        self.start()
        refused = self.server.get("/api/v1/rules/refusals").json()["items"]
        self.assertEqual(len(refused), 1)
        self.assertIn("there is no baseline 'user_planet'", json.dumps(refused))

    def state(self):
        return self.server.get("/api/v1/rules/state").json()

    def test_files_that_change_are_read_while_events_come(self):
        self.start()
        more, own = self.path / "rules/more.yml", self.path / "rules/own.yml"
        sent, stop = [], threading.Event()

        def send():
            while not stop.is_set():
                host = f"pc{len(sent)}"
                sent.append((host, len(self.server.post("/api/v1/events", [shell(host)]).json()["alerts"])))

        sender = threading.Thread(target=send)
        sender.start()
        try:
            more.write_text(ANY_SHELL)
            wait_until(lambda: self.state()["rules"] == 3, 60, "the file that is new")
            count = len(sent) + 1  # one may be on its way, judged by the rules before
            wait_until(lambda: len(sent) > count, 60, "events after it")
            more.write_text(ANY_SHELL.replace("endswith", "ends_in"))
            wait_until(lambda: self.state()["kept"] == [str(more)], 60, "the file that was broken")
            own.unlink()
            wait_until(lambda: self.state()["rules"] == 1, 60, "the file that is gone")
        finally:
            stop.set()
            sender.join()
        state = self.state()
        self.assertIn("more.yml:3:", state["refused"][0]["where"])
        self.assertIn("stays in force", state["refused"][0]["hint"])
        self.assertIn('"event":"rules_reloaded"', self.server.log_text())
        # None was judged by no rules, and the one of the broken file counts.
        self.assertEqual([one for one in sent if one[1] == 0], [])
        self.assertEqual(sent[count][1], 2)
        self.assertEqual(len(self.server.post("/api/v1/events", [shell("last")]).json()["alerts"]), 1)
        more.write_text(ANY_SHELL.replace("Any Shell", "Every Shell"))
        wait_until(lambda: not self.state()["kept"], 60, "the file that was mended")
        self.server.post("/api/v1/events", [shell("after")])
        self.assertIn("Every Shell", self.titles())

    def test_files_are_not_watched_where_nobody_wants_it(self):
        self.start("watch = false\n")
        (self.path / "rules/more.yml").write_text(ANY_SHELL)
        self.assertEqual(self.server.post("/api/v1/rules/reload").json()["rules"], 3)
        self.assertRegex(self.server.log_text(), '"rules_loaded".*"watched":false')

    def test_lines_of_text_reach_rules_with_their_fields(self):
        """Logs as machines write them, by upload and by a followed file, and the rules of the program."""
        (self.path / "auth.log").write_text("".join(
            f"Jan 18 11:{i:02}:53 web1 sshd[42]: Failed password for invalid user u{i} from 203.0.113.9 port {4000 + i} ssh2\n"
            for i in range(3)) + "Jan 18 11:20:00 web1 sshd[42]: Accepted password for root from 203.0.113.9 port 5000 ssh2\n")
        config = self.settings(f'[[intake.file]]\nname = "auth"\npaths = ["{self.path}/auth.log"]\nstart = "begin"\n')
        self.server = Server(self.path / "data", "--config", str(config)).start()
        for name, lines in (
            ("access.log", ['198.51.100.8 - - [18/Jan/2026:11:07:53 +0000] "GET /p?f=../../../../etc/passwd HTTP/1.1" 200 99 "-" "curl/8"',
                            '10.0.0.4 - - [18/Jan/2026:11:07:54 +0000] "GET /p?f=../../../../etc/passwd HTTP/1.1" 404 99 "-" "curl/8"']),
            ("audit.log", ['type=PATH msg=audit(1768734473.243:901): item=1 name="/etc/sudoers.d/90-x" nametype=CREATE mode=0100440',
                           "type=PATH msg=audit(1768734473.243:902): item=1 name=2F6574632F6C642E736F2E7072656C6F6164 nametype=CREATE",
                           'type=PATH msg=audit(1768734473.243:903): item=0 name="/etc/sudoers" nametype=NORMAL']),
        ):
            report = self.server.post(f"/api/v1/uploads?filename={name}", "\n".join(lines).encode(),
                                      headers={"Content-Type": "application/octet-stream"}).json()
            self.assertEqual((report["source"], report["events"], report["dead_letters"]), ("syslog", len(lines), 0), report)
        wait_until(lambda: "Root Signed In Over SSH With A Password" in self.titles() and len(self.titles()) >= 3, 60,
                   "the alerts of the lines")
        found = self.server.every_item("/api/v1/alerts?q=source:detection")
        by_title = {alert["title"]: self.server.get(f"/api/v1/alerts/{alert['id']}").json() for alert in found}
        web = by_title["Attack In A Web Request That Succeeded"]
        self.assertIn({"kind": "ip", "value": "198.51.100.8"},
                      [{key: entity[key] for key in ("kind", "value")} for entity in web["entities"]])
        self.assertEqual(sum(title.startswith("Attack In A Web Request") for title in self.titles()), 1)
        root = by_title["Root Signed In Over SSH With A Password"]
        self.assertIn("web1", json.dumps(root["entities"]))

    def test_a_directory_that_is_not_there_stops_the_start(self):
        with self.assertRaises(RuntimeError) as refused:
            Server(self.path / "other", "--config", str(self.settings("detection.rules = ['/no/such/rules']"))).start()
        self.assertIn("/no/such/rules", str(refused.exception))

    def settings(self, text):
        file = self.path / "other.toml"
        file.write_text(text + "\n")
        return file
