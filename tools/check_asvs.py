#!/usr/bin/env python3
"""Holds docs/security/asvs.md and docs/security/threat-model.md to what is there.

    check_asvs.py [--root DIR] [--count]

asvs.md: every requirement of level 1 and 2 of OWASP ASVS 5.0.0 once, none invented, with a known state; what is met or
partly met names at least one file or test; the counts at the top are those of the tables.
Both: each file and each test named in backticks, and each linked file, exists. Prints what is wrong, exits 1 then.
"""
import argparse
import collections
import pathlib
import re
import sys

# Level of each requirement, by section: the first digit is that of requirement 1. From the release's own list.
LEVELS = {
    "V1.1": "22", "V1.2": "1111122223", "V1.3": "112222222223", "V1.4": "222", "V1.5": "123",
    "V2.1": "122", "V2.2": "112", "V2.3": "12223", "V2.4": "23",
    "V3.1": "3", "V3.2": "113", "V3.3": "12223", "V3.4": "11222233", "V3.5": "11122333", "V3.6": "3", "V3.7": "22333",
    "V4.1": "12233", "V4.2": "23333", "V4.3": "22", "V4.4": "1222",
    "V5.1": "2", "V5.2": "112333", "V5.3": "113", "V5.4": "222",
    "V6.1": "122", "V6.2": "111111112222", "V6.3": "11223333", "V6.4": "112233", "V6.5": "22222333", "V6.6": "2223",
    "V6.7": "33", "V6.8": "2222",
    "V7.1": "222", "V7.2": "1111", "V7.3": "22", "V7.4": "11222", "V7.5": "223", "V7.6": "22",
    "V8.1": "1233", "V8.2": "1123", "V8.3": "133", "V8.4": "23",
    "V9.1": "111", "V9.2": "1222",
    "V10.1": "22", "V10.2": "223", "V10.3": "22223", "V10.4": "1111122222233333", "V10.5": "22222", "V10.6": "22", "V10.7": "222",
    "V11.1": "2233", "V11.2": "22233", "V11.3": "11233", "V11.4": "1222", "V11.5": "23", "V11.6": "23", "V11.7": "33",
    "V12.1": "12233", "V12.2": "11", "V12.3": "22223",
    "V13.1": "2333", "V13.2": "222223", "V13.3": "2233", "V13.4": "1222233",
    "V14.1": "22", "V14.2": "12223333", "V14.3": "122",
    "V15.1": "12233", "V15.2": "12233", "V15.3": "1222222", "V15.4": "3333",
    "V16.1": "2", "V16.2": "22222", "V16.3": "2222", "V16.4": "222", "V16.5": "2223",
    "V17.1": "23", "V17.2": "22223333", "V17.3": "22",
}
STATES = ("met", "partly", "open", "n/a")
DOCUMENTS = ("docs/security/asvs.md", "docs/security/threat-model.md")
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| (.+?) \| ([a-z/]+) \| (.+?) \|$", re.M)
COUNT = re.compile(r"^\| (level 1|level 2|both) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.M)
NAME = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
GTEST = re.compile(r"[A-Z]\w+\.[A-Z]\w+")
FILE = re.compile(r"\.?[A-Za-z0-9_][\w.-]*(/[\w.-]+)*\.(cpp|h|md|py|mjs|ts|tsx|yaml|toml|txt|json|sh|sql)|[a-z]\w*(/[\w.-]+)+/?")


def wanted():
    """Requirement → level, of levels 1 and 2."""
    return {f"{section}.{i}": int(level) for section, levels in LEVELS.items()
            for i, level in enumerate(levels, 1) if level != "3"}


def known_tests(root):
    found = set()
    for path in root.glob("src/**/*_test.cpp"):
        for suite, name in re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", path.read_text(), re.M):
            found.add(f"{suite}.{name}")
    for path in root.glob("tests/integration/*.py"):
        found.update(re.findall(r"def (test_\w+)", path.read_text()))
    return found


def is_there(root, tests, name):
    """None when the text in backticks names no file and no test."""
    if GTEST.fullmatch(name) or re.fullmatch(r"test_\w+\w", name):
        return name in tests
    if FILE.fullmatch(name):
        return (root / name).exists()
    return None


def check_names(root, tests, document):
    text = (root / document).read_text()
    for number, line in enumerate(text.splitlines(), 1):
        for name in NAME.findall(line):
            if is_there(root, tests, name) is False:
                yield f"{document}:{number}: there is no {name}"
        for target in LINK.findall(line):
            if not ((root / document).parent / target).exists():
                yield f"{document}:{number}: the link to {target} leads nowhere"


def check_rows(root, tests, document, rows):
    levels = wanted()
    seen = collections.Counter(row[0] for row in rows)
    yield from (f"{document}: {name} stands there {count} times" for name, count in seen.items() if count > 1)
    yield from (f"{document}: {name} is missing" for name in levels if name not in seen)
    for name, level, words, state, evidence in rows:
        if name not in levels:
            yield f"{document}: {name} is no requirement of level 1 or 2"
        elif levels[name] != int(level):
            yield f"{document}: {name} is of level {levels[name]}"
        if state not in STATES:
            yield f"{document}: {name}: {state} is none of {', '.join(STATES)}"
        if state in ("met", "partly") and not any(is_there(root, tests, e) for e in NAME.findall(evidence)):
            yield f"{document}: {name} is {state} and names no test or file"
        if len(words) < 8 or len(evidence) < 8:
            yield f"{document}: {name} says too little"


def counts(rows):
    table = {name: [0] * 5 for name in ("level 1", "level 2", "both")}
    for _, level, _, state, _ in rows:
        for name in (f"level {level}", "both"):
            if name in table and state in STATES:
                table[name][STATES.index(state)] += 1
                table[name][4] += 1
    return table


def check_counts(document, text, rows):
    stated = {m[0]: [int(n) for n in m[1:]] for m in COUNT.findall(text)}
    for name, figures in counts(rows).items():
        if stated.get(name) != figures:
            yield f"{document}: {name}: the tables say {figures} ({', '.join(STATES)}, all), the top says {stated.get(name)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[1])
    parser.add_argument("--count", action="store_true", help="print the table of counts and stop")
    arguments = parser.parse_args()
    text = (arguments.root / DOCUMENTS[0]).read_text()
    rows = ROW.findall(text)
    if arguments.count:
        for name, figures in counts(rows).items():
            print(f"| {name} | " + " | ".join(map(str, figures)) + " |")
        return 0
    tests = known_tests(arguments.root)
    faults = [*check_rows(arguments.root, tests, DOCUMENTS[0], rows), *check_counts(DOCUMENTS[0], text, rows)]
    for document in DOCUMENTS:
        faults += check_names(arguments.root, tests, document)
    print("\n".join(faults) or f"{len(rows)} requirements; every named file and test is there")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
