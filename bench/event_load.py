"""What bench/run.py events sends: log records in large NDJSON bodies over a few connections. Standard library only."""
import collections
import json
import lzma
import pathlib
import threading
import time

BODY_EVENTS = 5_000


def bodies_of(files, most):
    """Bodies of so many lines each, and the number of events and bytes in all of them."""
    bodies, lines, events = [], [], 0
    for name in files:
        opened = lzma.open(name, "rb") if str(name).endswith(".xz") else open(name, "rb")
        with opened as file:
            for line in file:
                if events == most:
                    break
                lines.append(line if line.endswith(b"\n") else line + b"\n")
                events += 1
                if len(lines) == BODY_EVENTS:
                    bodies.append(b"".join(lines))
                    lines.clear()
    if lines:
        bodies.append(b"".join(lines))
    return bodies, events, sum(map(len, bodies))


def send(server, bodies, connections):
    """Seconds until every body is answered, events accepted, alerts named."""
    waiting = collections.deque(bodies)
    accepted, alerts, wrong = [], [], []

    def work():
        connection = server.connection(timeout=600)
        while not wrong:
            try:
                body = waiting.popleft()
            except IndexError:
                return
            reply = server.post("/api/v1/events", body, headers={"Content-Type": "application/x-ndjson"}, connection=connection)
            if reply.status != 200:
                wrong.append(f"{reply.status} {reply.body[:300]}")
                return
            answer = json.loads(reply.body)
            accepted.append(answer["accepted"])
            alerts.append(len(answer["alerts"]))

    started = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return time.monotonic() - started, sum(accepted), sum(alerts)


def cpu_by_thread(pid, tick):
    """CPU seconds of each kind of thread, by its name."""
    seconds = collections.Counter()
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        head, tail = (task / "stat").read_text().rsplit(")", 1)
        fields = tail.split()
        seconds[head.split("(", 1)[1].rstrip("0123456789-")] += (int(fields[11]) + int(fields[12])) / tick
    return seconds
