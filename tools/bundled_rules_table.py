#!/usr/bin/env python3
"""Writes the table of bundled rules in docs/bundled-rules.md: level, ATT&CK, and what each rule says of sample logs.

    bundled_rules_table.py TOCSIN FOLDER      # the binary, and a folder of *.jsonl.xz

Counts are those of `tocsin scan`, which does not ask rules that read baselines; of a correlation they are its hits. A
rule that has none anywhere has an empty cell.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOC = ROOT / "docs" / "bundled-rules.md"
BEGIN, END = "<!-- rules -->\n", "<!-- /rules -->\n"
SAMPLES = ("windows", "cloudtrail", "linux", "zeek")


def documents():
    """Each rule's folder, file, id, title, level, tags and kind; the files keep one line for each of these keys."""
    for path in sorted((ROOT / "data" / "rules").rglob("*.yml")):
        for text in re.split(r"^---\n", path.read_text(), flags=re.M):
            fields = dict(re.findall(r"^(id|title|level): (.*)$", text, flags=re.M))
            tags = re.search(r"^tags: \[(.*)\]$", text, flags=re.M)
            yield {**fields, "folder": path.parent.name, "path": path.relative_to(ROOT).as_posix(),
                   "techniques": [tag.upper() for tag in re.findall(r"attack\.(t[\d.]+)", tags[1])],
                   "is_correlation": re.search(r"^correlation:", text, flags=re.M) is not None,
                   "reads_baseline": re.search(r"^    baseline\.", text, flags=re.M) is not None}


def count_hits(binary, file):
    scan = subprocess.run([binary, "scan", "--rules", str(ROOT / "data" / "rules"), str(file)], check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return collections.Counter(json.loads(line)["rule_id"] for line in scan.stdout.splitlines())


def table(rules, hits):
    yield f"{len(rules)} rules, {sum(rule['is_correlation'] for rule in rules)} of them correlations (c), " \
          f"{sum(rule['reads_baseline'] for rule in rules)} read baselines (b).\n"
    for folder in sorted({rule["folder"] for rule in rules}):
        yield f"\n### {folder}\n\n| rule | level | ATT&CK | {' | '.join(SAMPLES)} |\n|---|---|---|{'---|' * len(SAMPLES)}\n"
        for rule in (rule for rule in rules if rule["folder"] == folder):
            counts = " | ".join("–" if rule["reads_baseline"] else str(hits[name][rule["id"]] or "") for name in SAMPLES)
            mark = " (c)" if rule["is_correlation"] else " (b)" if rule["reads_baseline"] else ""
            yield f"| [{rule['title']}](../{rule['path']}){mark} | {rule['level']} | {', '.join(rule['techniques'])} | {counts} |\n"


def main():
    binary, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    hits = {name: count_hits(binary, folder / f"{name}.jsonl.xz") for name in SAMPLES}
    before, _, after = DOC.read_text().partition(BEGIN)
    _, _, after = after.partition(END)
    DOC.write_text(before + BEGIN + "".join(table(list(documents()), hits)) + END + after)


if __name__ == "__main__":
    main()
