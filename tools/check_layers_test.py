#!/usr/bin/env python3
"""The layer check finds each kind of wrong include and leaves right ones alone."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check_layers  # noqa: E402


class CheckLayers(unittest.TestCase):
    def found(self, module, line):
        with tempfile.TemporaryDirectory() as directory:
            folder = pathlib.Path(directory) / module
            folder.mkdir()
            (folder / "x.cpp").write_text(line + "\n")
            return list(check_layers.violations(pathlib.Path(directory)))

    def test_downward_and_own_includes_are_right(self):
        self.assertEqual(self.found("api", '#include "store/store.h"'), [])
        self.assertEqual(self.found("store", '#include "store/store.h"'), [])
        self.assertEqual(self.found("intake", '#include "ingest/ingest.h"'), [])
        self.assertEqual(self.found("store", "#include <vector>"), [])

    def test_upward_sideways_and_unknown_includes_are_wrong(self):
        self.assertEqual(len(self.found("store", '#include "api/services.h"')), 1)
        self.assertEqual(len(self.found("triage", '#include "correlate/correlate.h"')), 1)
        self.assertEqual(len(self.found("api", '#include "intake/intake.h"')), 1)
        self.assertEqual(len(self.found("base", '#include "nowhere/x.h"')), 1)
        self.assertEqual(len(self.found("nowhere", "#include <vector>")), 1)

    def test_two_types_of_one_name_are_wrong(self):
        with tempfile.TemporaryDirectory() as directory:
            folder = pathlib.Path(directory) / "model"
            folder.mkdir()
            for name, namespace in (("a", "tocsin"), ("b", "tocsin"), ("c", "tocsin::other")):
                (folder / f"{name}.h").write_text(f"namespace {namespace} {{\nstruct Judgement {{}};\nstruct Known;\n}}\n")
            found = list(check_layers.violations(pathlib.Path(directory)))
        self.assertEqual([text.rsplit("/", 1)[1] for text in found], ["a.h, too"])


if __name__ == "__main__":
    unittest.main()
