"""rsigma as the peer of `tocsin scan`: the same rules, the same events, whole programs, processor time of one thread.

rsigma routes by log source when an event says it, so each event is given product, service and category beside its own fields;
`tocsin scan` reads the events as they are and finds that out itself. Install it with `cargo install rsigma --version 0.21.0`."""
import json
import lzma
import os
import pathlib
import shutil
import subprocess

SYSMON = "Microsoft-Windows-Sysmon/Operational"
SERVICES = {SYSMON: "sysmon", "Security": "security", "security": "security", "System": "system", "Application": "application",
            "Windows PowerShell": "powershell-classic", "Microsoft-Windows-PowerShell/Operational": "powershell",
            "Microsoft-Windows-TaskScheduler/Operational": "taskscheduler", "Microsoft-Windows-WMI-Activity/Operational": "wmi",
            "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational": "terminalservices-localsessionmanager"}
CATEGORIES = {
    SYSMON: {1: "process_creation", 2: "file_change", 3: "network_connection", 4: "sysmon_status", 5: "process_termination",
             6: "driver_load", 7: "image_load", 8: "create_remote_thread", 9: "raw_access_thread", 10: "process_access",
             11: "file_event", 12: "registry_event", 13: "registry_set", 14: "registry_rename", 15: "create_stream_hash",
             17: "pipe_created", 18: "pipe_created", 19: "wmi_event", 20: "wmi_event", 21: "wmi_event", 22: "dns_query",
             23: "file_delete", 25: "process_tampering", 26: "file_delete"},
    "Microsoft-Windows-PowerShell/Operational": {4103: "ps_module", 4104: "ps_script"},
    "Windows PowerShell": {400: "ps_classic_start", 800: "ps_classic_script"},
    "Security": {4688: "process_creation"}, "security": {4688: "process_creation"},
}
SOURCE_FIELDS = ("logsource_product", "logsource_service", "logsource_category")


def lines_of(path):
    opened = lzma.open(path, "rb") if str(path).endswith(".xz") else open(path, "rb")
    with opened as file:
        return [line for line in file.read().splitlines() if line.strip()]


def with_log_source(line):
    """The same bytes with three members more at the end."""
    event = json.loads(line)
    channel = event.get("Channel", "")
    source = {"logsource_product": "windows", "logsource_service": SERVICES.get(channel, channel.lower()),
              "logsource_category": CATEGORIES.get(channel, {}).get(int(event.get("EventID", 0)), "none")}
    return line.rstrip()[:-1] + b"," + json.dumps(source).encode()[1:]


def cpu_seconds(command):
    """User and system time of the command, and how many lines it wrote."""
    with subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        written = sum(1 for _ in process.stdout)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, written


def rsigma(rules, events, routing):
    fields = ",".join(f"{name.split('_')[1]}={name}" for name in SOURCE_FIELDS)
    routed = ["--logsource-routing", "--logsource-field-map", fields] if routing else []
    return [shutil.which("rsigma"), "engine", "eval", "--rules", rules, "--event", f"@{events}", "--input-format", "json",
            "--output-format", "ndjson", "--quiet", "--no-stats", *routed]


def scan(binary, rules, events):
    return [binary, "scan", "--rules", rules, "--format", "jsonl", "--jobs", "1", events]


def compare(binary, rules, files, directory, turns):
    if shutil.which("rsigma") is None:
        raise SystemExit("rsigma is not installed: cargo install rsigma --version 0.21.0, and ~/.cargo/bin in PATH")
    lines = [line for file in files for line in lines_of(file)]
    folder = pathlib.Path(directory)
    plain, routed, one, one_routed = (folder / f"{name}.jsonl" for name in ("plain", "routed", "one", "one-routed"))
    plain.write_bytes(b"\n".join(lines) + b"\n")
    routed.write_bytes(b"\n".join(with_log_source(line) for line in lines) + b"\n")
    one.write_bytes(lines[0] + b"\n")
    one_routed.write_bytes(with_log_source(lines[0]) + b"\n")

    def an_event(make, all_of, first):
        """Microseconds of an event, loading the rules taken off."""
        whole, matches = cpu_seconds(make(all_of))
        loading, _ = cpu_seconds(make(first))
        return (whole - loading) / (len(lines) - 1) * 1e6, matches

    runs = []
    for _ in range(turns):
        ours, our_lines = an_event(lambda events: scan(binary, rules, events), plain, one)
        theirs, their_lines = an_event(lambda events: rsigma(rules, events, True), routed, one_routed)
        runs.append({"tocsin_us": round(ours, 2), "rsigma_us": round(theirs, 2), "ratio": round(theirs / ours, 2),
                     "tocsin_lines": our_lines, "rsigma_lines": their_lines})
    return {"events": len(lines), "runs": runs}
