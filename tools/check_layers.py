#!/usr/bin/env python3
"""Fails when a module of src/ includes what it may not, or when two headers define a type of the same name.

Modules may include their own headers and those of the layers to the right; modules inside one pair of
braces do not include each other. ARCHITECTURE.md explains the order. Of two types with one name in one namespace the
linker keeps the members of either, and says nothing.
"""
import pathlib
import re
import sys

LAYERS = [
    {"app"},
    {"api", "eval", "demo", "intake"},
    {"ingest", "detect", "enrich", "correlate", "triage", "respond", "hunt", "copilot", "export", "auth", "notify", "backup"},
    {"store", "jobs", "llm", "query", "escape", "outbound"},
    {"config", "observe", "http"},
    {"model"},
    {"base"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([a-z_]+)/', re.MULTILINE)
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{", re.MULTILINE)
TYPE = re.compile(r"^(?:struct|class|enum class) (\w+)[^;\n]*\{", re.MULTILINE)


def doubled_types(source_dir):
    homes = {}
    for file in sorted(source_dir.rglob("*.h")):
        text = file.read_text(encoding="utf-8")
        namespaces = NAMESPACE.findall(text)
        if len(namespaces) != 1:
            continue
        for name in TYPE.findall(text):
            home = homes.setdefault((namespaces[0], name), file)
            if home != file:
                yield f"{file}: {namespaces[0]}::{name} is in {home}, too"


def violations(source_dir):
    yield from doubled_types(source_dir)
    for file in sorted(source_dir.rglob("*")):
        if file.suffix not in {".h", ".cpp"}:
            continue
        module = file.relative_to(source_dir).parts[0]
        if module not in LEVEL:
            yield f"{file}: module '{module}' is in no layer; add it to {pathlib.Path(__file__).name}"
            continue
        for match in INCLUDE.finditer(file.read_text(encoding="utf-8")):
            other = match.group(1)
            if other == module:
                continue
            if other not in LEVEL:
                yield f"{file}: includes unknown module '{other}'"
            elif LEVEL[other] <= LEVEL[module]:
                yield f"{file}: '{module}' may not include '{other}'"


def main():
    source_dir = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src")
    found = list(violations(source_dir))
    print("\n".join(found) or f"layers hold in {source_dir}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
