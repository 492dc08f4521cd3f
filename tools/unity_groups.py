#!/usr/bin/env python3
"""Sources compiled several as one: `unity_groups.py DIR SIZE OUT` writes files into OUT that include sources below DIR,
up to SIZE each, and prints a line `SOURCE<tab>FILE` for each source that shares its translation unit with others. They
stay within one folder of DIR, sources apart from tests.

What one file leaves behind for the next are its macros, the names of its unnamed namespaces, what it names by `using`,
and the headers that it includes. Two files may share when no such name means one thing in one of them and another in the
other; a name that stands in the way is given another one for the time of its file, where it cannot be a member's or a
header's. Names are told by where they stand, not by parsing: clang-format puts what a namespace declares at the left
margin. What is wrongly kept apart costs a little time, what is wrongly joined does not compile."""
import collections
import functools
import pathlib
import re
import sys

TEXT = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)\'|//[^\n]*|/\*.*?\*/', re.S)
# A member or a qualified name says what it belongs to; it is not looked up in the file.
MENTIONED = re.compile(r"(?<![\w.:>])([A-Za-z_]\w*)")
MEMBER = re.compile(r"(?:\.|->|::)\s*([A-Za-z_]\w*)")
DECLARED = re.compile(r"(?<![\w:])([A-Za-z_]\w*)\s*(?=[(\[={;])|\b(?:struct|class|enum class|enum)\s+(\w+)")
TYPE = re.compile(r"^(?:struct|class|enum(?: class)?) (\w+)|^using (\w+) =", re.M)
USING = re.compile(r"^using ([\w:]+)::(\w+);", re.M)
MACRO = re.compile(r"^\s*#\s*define\s+(\w+)", re.M)
INCLUDE_LINE = re.compile(r"^#include .*$", re.M)
INCLUDED = re.compile(r'^#include "([^"]+)"', re.M)
INNER_TEST = re.compile(r"^namespace tocsin::\w+::test\b", re.M)
NOT_NAMES = set("""namespace struct class enum using template static const constexpr inline auto if for while return switch
    case default private public protected operator sizeof decltype noexcept void bool int char double float requires else
    do try catch new delete this std final override TEST TEST_F TEST_P INSTANTIATE_TEST_SUITE_P""".split())

Header = collections.namedtuple("Header", "names types inner_test included")
# own: declared for this file alone, fixed: those that must keep their names; used: name to where it comes from;
# names, types: of all headers it includes.
Source = collections.namedtuple("Source", "path own own_types fixed used mentioned names types includes alone inner_test")


def without_text(code):
    """The code without strings and comments, but for the comments that close a namespace."""
    return TEXT.sub(lambda m: m.group() if m.group().startswith("// namespace") else " ", code)


def names_in(found):
    """Of each match the part of the pattern that matched."""
    return {name for names in found for name in names if name}


def declared(line):
    """What a line at the left margin may declare; the first is what it surely does, unless it is a macro's call."""
    if not line[:1].isalpha() or USING.match(line):
        return []
    return [name for names in DECLARED.findall(line) for name in names if name and name not in NOT_NAMES]


class Tree:
    def __init__(self, root):
        self.root = root

    @functools.cache
    def header(self, name):
        """The header with that name below the root and all that it includes; None for a foreign one."""
        path = self.root / name
        if not path.exists():
            return None
        raw = path.read_text(encoding="utf-8")
        code = without_text(raw)
        return Header({name for line in code.splitlines() for name in declared(line)}, names_in(TYPE.findall(code)),
                      INNER_TEST.search(code) is not None, tuple(INCLUDED.findall(raw)))

    def closure(self, names):
        seen, left = set(), list(names)
        while left:
            name = left.pop()
            if name not in seen and self.header(name):
                seen.add(name)
                left += self.header(name).included
        return [self.header(name) for name in seen]

    def source(self, path):
        raw = path.read_text(encoding="utf-8")
        code = without_text(raw)
        own, sure, inside = set(MACRO.findall(code)), set(), False
        for line in code.splitlines():
            if line.startswith("namespace {"):
                inside = True
            elif line.startswith("}  // namespace"):
                inside = False
            elif inside:
                own |= set(declared(line))
                sure |= {name for name in declared(line)[:1] if not name.isupper()}
        headers = self.closure(INCLUDED.findall(raw))
        names = set().union(*(h.names for h in headers))
        return Source(path, own, names_in(TYPE.findall(code)) & own, own - sure | own & (names | set(MEMBER.findall(code))),
                      {name: whence for whence, name in USING.findall(code)}, set(MENTIONED.findall(code)), names,
                      set().union(*(h.types for h in headers)), INCLUDE_LINE.findall(raw),
                      # Coroutines are compiled with options of their own.
                      re.search(r"^using namespace (?!std::\w*literals;)|\bco_await\b", code, re.M) is not None,
                      INNER_TEST.search(code) is not None or any(h.inner_test for h in headers))


def collisions(one, other):
    """Names by which what `one` leaves behind changes what `other` means."""
    foreign = {name for name, whence in one.used.items() if other.used.get(name, whence) != whence}
    new = one.own | {name for name in one.used if name not in other.used}
    return (foreign | one.own & other.own | one.own & other.used.keys() | one.own_types & other.types |
            new & other.mentioned & other.names)


def can_share(one, other):
    if one.alone or other.alone or one.inner_test != other.inner_test:
        return False
    free = one.own - one.fixed
    # Of a name that both declare it is enough that one of them takes another.
    both = one.own & other.own - other.fixed
    return not (collisions(one, other) - free - both or collisions(other, one) - (other.own - other.fixed) - free)


def groups(sources, size):
    """Lists of sources; each goes to the first list that has room and nothing against it."""
    found = []
    for source in sources:
        for group in found:
            if len(group) < size and all(can_share(source, other) for other in group):
                group.append(source)
                break
        else:
            found.append([source])
    return found


def unit(group):
    """The headers of all come first, so that another name for a file's own cannot reach into one."""
    lines = list(dict.fromkeys(line for source in group for line in source.includes))
    for number, source in enumerate(group):
        others = [other for other in group if other is not source]
        renamed = sorted({name for other in others for name in collisions(source, other) | collisions(other, source)} &
                         (source.own - source.fixed))
        lines += [f"#define {name} {name}_{number}" for name in renamed]
        lines.append(f'#include "{source.path}"')
        lines += [f"#undef {name}" for name in renamed]
    return "\n".join(lines) + "\n"


def write_if_new(path, text):
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main():
    root, size, out = pathlib.Path(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    tree = Tree(root)
    folders = collections.defaultdict(list)
    for path in sorted(root.rglob("*.cpp")):
        if path.name != "main.cpp" and not path.name.endswith("_fuzz.cpp"):
            folders[path.relative_to(root).parts[0], path.name.endswith("_test.cpp")].append(tree.source(path))
    for (module, tests), sources in folders.items():
        for number, group in enumerate(groups(sources, size)):
            if len(group) > 1:
                file = out / f"{module}_{'tests' if tests else 'sources'}_{number}.cpp"
                write_if_new(file, unit(group))
                for source in group:
                    print(f"{source.path}\t{file}")


if __name__ == "__main__":
    main()
