#!/usr/bin/env python3
"""What unity_groups.py joins still compiles and means the same; what it must keep apart it keeps apart."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).with_name("unity_groups.py")


def source(own, rest):
    return f'#include "m/m.h"\nnamespace tocsin::m {{\nnamespace {{\n\n{own}\n\n}}  // namespace\n\n{rest}\n}}  // namespace tocsin::m\n'


class Joining(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        (self.root / "src/m").mkdir(parents=True)
        self.write("m.h", "#pragma once\nnamespace tocsin::m {\nstruct Point {\n  int count;\n};\nint one();\nint two();\n"
                          "int shared(int value);\n}  // namespace tocsin::m\n")

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        (self.root / "src/m" / name).write_text(text, encoding="utf-8")

    def units(self):
        """The sets of file names that were joined; every unit compiles."""
        out = self.root / "out"
        printed = subprocess.run([sys.executable, TOOL, self.root / "src", "12", out], check=True, capture_output=True, text=True)
        units = {}
        for line in printed.stdout.splitlines():
            path, unit = line.split("\t")
            units.setdefault(unit, set()).add(pathlib.Path(path).name)
        for unit in units:
            subprocess.run(["g++", "-std=c++20", "-Wall", "-Werror", "-fsyntax-only", "-I", self.root / "src", unit], check=True)
        return list(units.values())

    def test_one_name_in_two_files(self):
        for name, value in (("one", 1), ("two", 2)):
            self.write(f"{name}.cpp", source(f"int value() {{\n  return {value};\n}}\n\nconstexpr int kMost = 3;",
                                             f"int {name}() {{\n  return value() + kMost;\n}}\n"))
        self.assertEqual(self.units(), [{"one.cpp", "two.cpp"}])

    def test_a_name_that_is_a_member_too_is_not_given_another(self):
        self.write("one.cpp", source("int count() {\n  return 1;\n}", "int one() {\n  return count() + Point{2}.count;\n}\n"))
        self.write("two.cpp", source("int count() {\n  return 2;\n}", "int two() {\n  return count() + Point{2}.count;\n}\n"))
        self.assertEqual(self.units(), [])

    def test_a_name_that_hides_one_of_a_header(self):
        self.write("one.cpp", source("int shared(int value, int more = 1) {\n  return value + more;\n}",
                                     "int one() {\n  return shared(1, 2);\n}\n"))
        self.write("two.cpp", source("constexpr int kTwo = 2;", "int two() {\n  return shared(kTwo);\n}\n"))
        self.assertEqual(self.units(), [])

    def test_texts_and_comments_are_no_names(self):
        self.write("one.cpp", source("const char* const kText = \"int kOther = 1;\";", "int one() {\n  return *kText;\n}\n"))
        self.write("two.cpp", source("// kText, shared(\nconstexpr int kOther = 2;", "int two() {\n  return kOther;\n}\n"))
        self.assertEqual(self.units(), [{"one.cpp", "two.cpp"}])

    def test_coroutines_stay_alone(self):
        for name in ("one", "two"):
            self.write(f"{name}.cpp", source("struct Nothing {};", f"int {name}() {{\n  return 1;  \n}}\n"))
        self.write("three.cpp", source("struct Task;", "template <class T> Task three(T task) {\n  co_await task;\n}\n"))
        self.assertEqual(self.units(), [{"one.cpp", "two.cpp"}])

    def test_tests_and_sources_are_apart(self):
        self.write("one.cpp", source("constexpr int kOne = 1;", "int one() {\n  return kOne;\n}\n"))
        self.write("one_test.cpp", source("constexpr int kOne = 1;", "int two() {\n  return kOne;\n}\n"))
        self.assertEqual(self.units(), [])


if __name__ == "__main__":
    unittest.main()
