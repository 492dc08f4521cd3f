#!/usr/bin/env python3
"""The benchmarks of the whole program; see README.md. Standard library only."""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from bench import event_load, rsigma_peer, syslog_load  # noqa: E402
from tests.integration.harness import Server, wait_until  # noqa: E402

BUILD = ROOT / "build/release"
# What an ingest transaction and the work right behind it write; full-text search follows later.
INGESTED_TABLES = ("alerts", "blocks", "alert_keys", "incidents", "incident_alerts")


def say(text):
    print(text, file=sys.stderr, flush=True)


def last_json(command, **kwargs):
    out = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, check=True, text=True, **kwargs).stdout
    return json.loads(out.strip().splitlines()[-1])


def build(*targets):
    subprocess.run(["cmake", "--build", str(BUILD), "--target", *targets], check=True, stdout=subprocess.DEVNULL)


def load(server, mode, *flags):
    return last_json([BUILD / "bench/load_client", mode, "--port", server.port, *flags])


def stats(server):
    return server.get("/api/v1/stats").json()


def caught_up(server, seconds=300, parts=("correlation", "search")):
    def done():
        now = stats(server)
        return now if all(now[f"{part}_behind"] == 0 for part in parts) else None
    started = time.monotonic()
    wait_until(done, seconds, "correlation and search caught up")
    return time.monotonic() - started


def p95(values):
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


class Run:
    """A server on a directory of its own, beside the project so that it is on the same disk as in real use."""

    def __init__(self, *flags):
        self.directory = tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build")
        self.server = Server(pathlib.Path(self.directory.name) / "data", *flags)

    def __enter__(self):
        return self.server.start()

    def __exit__(self, *_):
        if self.server.process.poll() is None:
            self.server.stop(120)
        self.directory.cleanup()


def cpu_seconds(server):
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bench_ingest(args):
    build("tocsin", "load_client", "sqlite_alone")
    with Run() as server:
        cpu = cpu_seconds(server)
        batch = load(server, "batch", "--alerts", args.alerts)
        cpu = cpu_seconds(server) - cpu
        behind = caught_up(server)
        server.stop(120)
        database = server.data / "tocsin.db"
        alone = last_json([BUILD / "bench/sqlite_alone", database, server.data / "alone.db", *INGESTED_TABLES])
    return {"alerts": args.alerts, "http": batch, "sqlite_alone": alone, "caught_up_after_seconds": round(behind, 1),
            "server_cpu_us_per_alert": round(cpu / args.alerts * 1e6, 1),
            "ratio": round(batch["alerts_per_second"] / alone["rows_per_second"], 3)}


def start_peer(directory, port):
    environment = {**os.environ, "PORT": str(port), "DATABASE_FILE": str(pathlib.Path(directory) / "peer.db")}
    process = subprocess.Popen([str(ROOT / "bench/peer_fastapi/run.sh")], env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    import http.client

    def ready():
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
    wait_until(ready, 300, "the peer answers")
    return process


def bench_single(args):
    build("tocsin", "load_client")
    with Run() as server:
        ours = load(server, "single", "--seconds", args.seconds)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as directory:
        peer = start_peer(directory, args.peer_port)
        try:
            theirs = last_json([BUILD / "bench/load_client", "single", "--peer", "--port", args.peer_port, "--seconds",
                                args.seconds])
        finally:
            os.killpg(peer.pid, 15)
            peer.wait()
    return {"ours": ours, "peer": theirs, "ratio": round(ours["alerts_per_second"] / theirs["alerts_per_second"], 1)}


def timed(server, count, call):
    connection = server.connection()
    times = []
    for i in range(count):
        started = time.perf_counter()
        reply = call(connection, i)
        times.append((time.perf_counter() - started) * 1000)
        assert reply.status == 200, (reply.status, reply.body[:300])
    connection.close()
    return round(p95(times), 2)


def latencies(server):
    """95th percentiles in ms of what the console asks for."""
    incidents = [i["id"] for i in server.get("/api/v1/incidents?limit=50").json()["items"]]
    alerts = [a["id"] for a in server.get("/api/v1/alerts?limit=100").json()["items"]]
    get = lambda path: lambda connection, i: server.get(path.format(i=i), connection=connection)
    return {
        "alerts_by_severity": timed(server, 60, get("/api/v1/alerts?severity=high&limit=50")),
        "alerts_by_status_and_priority": timed(server, 60, get("/api/v1/alerts?status=new&sort=priority&limit=50")),
        "alerts_by_text": timed(server, 60, get("/api/v1/alerts?q=encoded%20powershell&limit=50")),
        "incidents": timed(server, 60, get("/api/v1/incidents?status=open&limit=50")),
        "incident_page": timed(server, 60, lambda c, i: server.get(f"/api/v1/incidents/{incidents[i % len(incidents)]}", connection=c)),
        "status_change": timed(server, 60, lambda c, i: server.call(
            "PATCH", f"/api/v1/alerts/{alerts[i]}", {"status": "in_progress"}, connection=c)),
    }


def bench_scale(args):
    build("tocsin", "load_client")
    report = {}
    for alerts in args.sizes:
        say(f"{alerts} alerts")
        with Run() as server:
            idle = server.rss_kib() / 1024
            load(server, "batch", "--alerts", alerts)
            caught_up(server)
            started = time.monotonic()
            first = server.post("/api/v1/incidents/rebuild", connection=server.connection(600)).json()
            rebuild = time.monotonic() - started
            second = server.post("/api/v1/incidents/rebuild", connection=server.connection(600)).json()
            report[alerts] = {
                "idle_rss_mib": round(idle, 1), "rebuild_seconds": round(rebuild, 2),
                "rebuild_changed": first["incidents_changed"], "second_rebuild_changed": second["incidents_changed"],
                "clusters": first["clusters"],
                "p95_ms": latencies(server), "peak_rss_mib": round(server.peak_rss_mib(), 1)}
            say(json.dumps(report[alerts]))
    return report


def thread_seconds(server):
    """Processor time of each kind of thread, by name."""
    seconds = collections.Counter()
    for task in pathlib.Path(f"/proc/{server.process.pid}/task").iterdir():
        name, fields = (task / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
        seconds[name] += sum(int(ticks) for ticks in fields.split()[11:13]) / os.sysconf("SC_CLK_TCK")
    return seconds


def bench_live(args):
    """What an alert costs, correlation and search included, when so many are stored already."""
    build("tocsin", "load_client")
    report = {}
    with Run() as server:
        stored = 0
        for size in args.sizes:
            load(server, "batch", "--alerts", size - stored, "--first", stored)
            caught_up(server)
            before = thread_seconds(server)
            load(server, "batch", "--alerts", args.alerts, "--first", size)
            caught_up(server)
            spent = thread_seconds(server) - before
            stored = size + args.alerts
            report[size] = {name: round(seconds / args.alerts * 1e6, 1) for name, seconds in spent.most_common()}
            report[size]["all"] = round(spent.total() / args.alerts * 1e6, 1)
            say(f"{size}: {json.dumps(report[size])}")
    return {"cpu_us_per_alert": report}


def bench_manual_rebuild(args):
    """Rebuild from nothing: the server did not correlate while the alerts came."""
    build("tocsin", "load_client")
    report = {}
    for alerts in args.sizes:
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
            config.write('[correlation]\nmode = "manual"\n')
            config.flush()
            with Run("--config", config.name) as server:
                load(server, "batch", "--alerts", alerts)
                caught_up(server, parts=("search",))
                started = time.monotonic()
                answer = server.post("/api/v1/incidents/rebuild", connection=server.connection(600)).json()
                report[alerts] = {"seconds": round(time.monotonic() - started, 2), "clusters": answer["clusters"],
                                  "peak_rss_mib": round(server.peak_rss_mib(), 1)}
                say(json.dumps(report[alerts]))
    return report


def bench_syslog(args):
    build("tocsin")
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as directory:
        lines, config = pathlib.Path(directory) / "lines", pathlib.Path(directory) / "tocsin.toml"
        sent = syslog_load.write_messages(lines, args.messages, args.distinct, args.plain)
        config.write_text('[[intake.syslog]]\nname = "bench"\nlisten = "127.0.0.1:0"\n')
        sink = syslog_load.sink_seconds(lines, pathlib.Path(directory) / "copy")
        with Run("--config", str(config)) as server:
            def source():
                return next(s for s in server.get("/api/v1/sources").json()["items"] if s["name"] == "bench")
            port, cpu, started = int(source()["address"].rsplit(":", 1)[1]), cpu_seconds(server), time.monotonic()
            syslog_load.send_file(lines, port)
            taken = time.monotonic() - started
            wait_until(lambda: source()["records"] >= args.messages, 900, "every message is stored")
            seconds, cpu = time.monotonic() - started, cpu_seconds(server) - cpu
            found, now = source(), stats(server)
            behind = caught_up(server, 900)
            peak = server.peak_rss_mib()
    stored = {"alerts": now["alerts"]["total"], "occurrences": found["occurrences"], "events": now["events"],
              "dead_letters": now["dead_letters"]}
    return {"messages": args.messages, "sent": sent, "stored": stored,
            "missing": args.messages - sum(stored.values()), "sender_done_after_seconds": round(taken, 2),
            "seconds": round(seconds, 2), "messages_per_second": round(args.messages / seconds),
            "server_cpu_us_per_message": round(cpu / args.messages * 1e6, 2),
            "sink_seconds": round(sink, 2), "ratio_to_sink": round(sink / seconds, 3),
            "caught_up_after_seconds": round(behind, 1), "peak_rss_mib": round(peak, 1)}


@contextlib.contextmanager
def private_postgres():
    """A server of its own on this disk, that flushes as in real use; its URL."""
    script = ("source scripts/lib/common.sh; source scripts/lib/postgres.sh; trap stop_postgres EXIT; "
              "unset TOCSIN_TEST_POSTGRES; POSTGRES_DURABLE=1 start_postgres; echo \"$TOCSIN_TEST_POSTGRES\"; read -r _")
    process = subprocess.Popen(["bash", "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(60)


STORE_FIGURES = ("appended_per_second", "list_newest_p95_ms", "list_urgent_low_p95_ms", "list_type_severity_p95_ms",
                 "list_text_rare_p95_ms", "list_text_common_p95_ms", "query_open_high_p95_ms", "query_network_p95_ms",
                 "find_client_id_p95_ms", "update_status_p95_ms", "links_per_second", "apply_all_seconds",
                 "search_caught_up_seconds")


def bench_stores(args):
    """The same program over both databases: durable ingest, lists, what a rebuild reads and writes."""
    build("store_bench", "sqlite_alone")
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as directory:
        sqlite = last_json([BUILD / "bench/store_bench", args.alerts, directory])
    with private_postgres() as url:
        postgres = last_json([BUILD / "bench/store_bench", args.alerts, url])
    return {"alerts": args.alerts, **{name: {"sqlite": sqlite[name], "postgresql": postgres[name]} for name in STORE_FIGURES}}


class Cluster:
    """Servers on one PostgreSQL, each with a data directory of its own. The first is the one that correlates."""

    def __init__(self, url, schema, count):
        self.schema, self.url = schema, url
        self.sql(f"CREATE SCHEMA {schema}")
        self.directory = tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build")
        environment = {"DATABASE_URL": url + ("&" if "?" in url else "?") + f"options=-csearch_path%3D{schema}"}
        self.servers = []
        for number in range(count):
            self.servers.append(Server(pathlib.Path(self.directory.name) / f"data{number}", env=environment).start())
            if number == 0:
                self.servers[0].post("/api/v1/alerts", {"message": "first", "host": "h"})
                wait_until(self.owner, 30, "the first server correlates")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.stop()
        self.directory.cleanup()

    def sql(self, text):
        return subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text, self.url], check=True,
                              capture_output=True, text=True).stdout.strip()

    def owner(self):
        return self.sql(f"SELECT owner FROM {self.schema}.leases WHERE name = 'correlation'")

    def start_load(self, alerts):
        """A load client a server, the alerts divided among them."""
        share = alerts // len(self.servers)
        return [subprocess.Popen([str(c) for c in (BUILD / "bench/load_client", "batch", "--port", server.port, "--alerts", share,
                                                   "--first", number * share, "--run", f"node{number:02}")],
                                 stdout=subprocess.PIPE, text=True) for number, server in enumerate(self.servers)]


def bench_servers(args):
    """One to three servers on one PostgreSQL under load, and what follows when the one that correlates is killed."""
    build("tocsin", "load_client")
    figures = {"alerts": args.alerts}
    with private_postgres() as url:
        for count in (1, 2, 3):
            with Cluster(url, f"servers{count}", count) as cluster:
                started = time.monotonic()
                loads = cluster.start_load(args.alerts)
                accepted = sum(json.loads(load.communicate()[0].splitlines()[-1])["accepted"] for load in loads)
                seconds = time.monotonic() - started
                figures[f"servers_{count}"] = {"accepted": accepted, "alerts_per_second": round(accepted / seconds),
                                               "caught_up_after_seconds": round(caught_up(cluster.servers[-1]), 1)}
        with Cluster(url, "killed", 3) as cluster:
            figures["killed"] = kill_under_load(cluster, args.alerts)
    return figures


def kill_under_load(cluster, alerts):
    loads = cluster.start_load(alerts)
    stored = lambda: int(cluster.sql(f"SELECT count(*) FROM {cluster.schema}.alerts"))
    wait_until(lambda: stored() > alerts // 4, 300, "a quarter is stored")
    owner = cluster.owner()
    cluster.servers.pop(0).kill()
    killed = time.monotonic()
    wait_until(lambda: cluster.owner() not in ("", owner), 120, "another one correlates")
    takeover = time.monotonic() - killed
    accepted = [json.loads(load.communicate()[0].splitlines()[-1])["accepted"] for load in loads]
    caught_up(cluster.servers[-1])
    doubled = int(cluster.sql(f"SELECT count(*) - count(DISTINCT source_id) FROM {cluster.schema}.alerts WHERE source_id <> ''"))
    by_run = dict(row.split("|") for row in cluster.sql(
        f"SELECT substring(source_id FROM 'node0[0-9]') AS run, count(*) FROM {cluster.schema}.alerts"
        " WHERE source_id LIKE '%node0%' GROUP BY 1").splitlines())
    lost = sum(max(0, count - int(by_run.get(f"node{number:02}", 0))) for number, count in enumerate(accepted))
    return {"takeover_seconds": round(takeover, 1), "accepted": sum(accepted), "stored": stored(), "lost": lost, "doubled": doubled}


def send_events(args, bodies, *flags):
    with Run(*flags) as server:
        tick = os.sysconf("SC_CLK_TCK")
        before = event_load.cpu_by_thread(server.process.pid, tick)
        seconds, accepted, alerts = event_load.send(server, bodies, args.connections)
        used = event_load.cpu_by_thread(server.process.pid, tick)
        used.subtract(before)
        rules = server.get("/api/v1/rules?limit=1").json()
        return {"rules": rules["loaded"], "events_per_second": round(accepted / seconds), "alerts": alerts,
                "cpu_us_per_event": {name: round(s / accepted * 1e6, 1) for name, s in used.most_common() if s > 0.05},
                "rss_mib": round(server.rss_kib() / 1024)}


def stage_shares(every, none):
    """Of the processor time of an event: reading and keeping is what it costs without rules."""
    total, kept = (sum(run["cpu_us_per_event"].values()) for run in (every, none))
    sockets = none["cpu_us_per_event"].get("http", 0)
    stages = {"sockets": sockets, "reading_and_keeping": kept - sockets, "judging_and_alerts": total - kept}
    return {name: round(cost / total, 2) for name, cost in stages.items()}


def scan_speed(args, rules):
    """Judged and not kept: the server keeps all that it judges, `tocsin scan` nothing. Its rules are those of args alone."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as directory:
        lines = pathlib.Path(directory) / "events.jsonl"
        bodies, events, _ = event_load.bodies_of(args.files, args.events)
        lines.write_bytes(b"".join(bodies))
        told = subprocess.run([str(BUILD / "tocsin"), "scan", *rules, str(lines)], check=True, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True).stderr
    return {"events": events, "events_per_second": int(re.search(r"(\d+) events/s", told)[1])}


def bench_events(args):
    """Events over HTTP: kept, judged, alerts durable; with all rules, and with none; and by `tocsin scan`, not kept."""
    build("tocsin")
    bodies, events, size = event_load.bodies_of(args.files, args.events)
    rules = [flag for path in args.rules for flag in ("--rules", path)]
    with tempfile.NamedTemporaryFile("w", suffix=".toml", dir=ROOT / "build") as config:
        config.write("[detection]\nbundled = false\n")
        config.flush()
        none = send_events(args, bodies, "--config", config.name)
        every = send_events(args, bodies, *rules)
    return {"events": events, "bytes_per_event": round(size / events), "connections": args.connections, "all_rules": every,
            "no_rules": none, "share_of_cpu": stage_shares(every, none), "not_kept": scan_speed(args, rules), "ratio": round(every["events_per_second"] / none["events_per_second"], 2)}


def bench_rsigma(args):
    """`tocsin scan` against rsigma with routing, in turns: processor time of an event."""
    build("tocsin")
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as directory:
        return rsigma_peer.compare(BUILD / "tocsin", args.rules, args.files, directory, args.turns)


def bench_local(_):
    build("local_bench")
    return last_json([BUILD / "bench/local_bench"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    ingest = commands.add_parser("ingest")
    ingest.add_argument("--alerts", type=int, default=300_000)
    ingest.set_defaults(run=bench_ingest)
    single = commands.add_parser("single")
    single.add_argument("--seconds", type=float, default=10)
    single.add_argument("--peer-port", type=int, default=18790)
    single.set_defaults(run=bench_single)
    for name, run in (("scale", bench_scale), ("rebuild", bench_manual_rebuild)):
        command = commands.add_parser(name)
        command.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
        command.set_defaults(run=run)
    live = commands.add_parser("live")
    live.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 400_000, 1_000_000])
    live.add_argument("--alerts", type=int, default=20_000, help="sent at each size")
    live.set_defaults(run=bench_live)
    syslog = commands.add_parser("syslog")
    syslog.add_argument("--messages", type=int, default=3_000_000)
    syslog.add_argument("--distinct", type=float, default=0.1, help="share of alerts that repeat no other")
    syslog.add_argument("--plain", type=float, default=0.0, help="share of messages that are logs, not alerts")
    syslog.set_defaults(run=bench_syslog)
    stores = commands.add_parser("stores")
    stores.add_argument("--alerts", type=int, default=100_000)
    stores.set_defaults(run=bench_stores)
    servers = commands.add_parser("servers")
    servers.add_argument("--alerts", type=int, default=90_000)
    servers.set_defaults(run=bench_servers)
    events = commands.add_parser("events")
    events.add_argument("--rules", action="append", default=[], help="Sigma rules beside the bundled ones")
    events.add_argument("--events", type=int, default=300_000)
    events.add_argument("--connections", type=int, default=3)
    events.add_argument("files", nargs="+", help="JSON lines, .xz or not")
    events.set_defaults(run=bench_events)
    rsigma = commands.add_parser("rsigma")
    rsigma.add_argument("--rules", required=True, help="a directory of Sigma rules")
    rsigma.add_argument("--turns", type=int, default=3)
    rsigma.add_argument("files", nargs="+", help="JSON lines of Windows events, .xz or not")
    rsigma.set_defaults(run=bench_rsigma)
    commands.add_parser("local").set_defaults(run=bench_local)
    args = parser.parse_args()
    print(json.dumps(args.run(args)))


if __name__ == "__main__":
    main()
