"""What other people's parsers see in our exports: the structure of a benign case whatever its texts hold."""
import collections
import csv
import hashlib
import html.parser
import io
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

from tests.integration.harness import ROOT
from tests.integration.hostile import strings

SAMPLES = ROOT / "build/release/tests/export_samples"
FORMATS = ("pack", "markdown", "html", "stix", "navigator", "misp", "csv", "zip")
FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
try:
    import stix2patterns.v21.pattern as stix_pattern
    import stix2validator
except ImportError:
    stix2validator = None


def shape(value):
    """A JSON value without its texts and numbers; lists of one kind of thing keep their length."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


class Tags(html.parser.HTMLParser):
    """Tags with their attributes, comments and declarations, in order; of texts only that there is one."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, tuple(sorted(attrs))))

    def handle_endtag(self, tag):
        self.seen.append(("/" + tag,))

    def handle_comment(self, data):
        self.seen.append(("comment", data))

    def handle_decl(self, decl):
        self.seen.append(("declaration", decl))

    def unknown_decl(self, data):
        self.seen.append(("unknown", data))

    def handle_pi(self, data):
        self.seen.append(("instruction", data))


def tags(text):
    parser = Tags()
    parser.feed(text)
    parser.close()
    return parser.seen


def markdown_tree(text):
    """Element names of CommonMark's reference parser, without texts and soft breaks (there are none in a value)."""
    made = subprocess.run(["cmark", "--to", "xml"], input=text.encode(), capture_output=True, check=True)
    root = xml.etree.ElementTree.fromstring(made.stdout)

    def walk(node):
        name = node.tag.split("}")[1]
        inner = [walk(child) for child in node if child.tag.split("}")[1] != "text"]
        return (name, node.get("level"), node.get("info"), tuple(inner))

    return walk(root)


def table_cells(text):
    """How many cells each table row has, by GitHub's rule: a bar counts unless a backslash stands before it."""
    rows, fence = [], ""
    for line in text.split("\n"):
        ticks = line[:len(line) - len(line.lstrip("`"))]
        if not fence and len(ticks) >= 3:
            fence = ticks
        elif fence and ticks == line and len(ticks) >= len(fence):
            fence = ""
        if fence or not line.startswith("| "):
            continue
        cells, escaped = 0, False
        for c in line:
            cells += c == "|" and not escaped
            escaped = c == "\\" and not escaped
        rows.append(cells)
    return rows


class HostileValues(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tocsin-exports-")
        cls.values = ["benign", *strings()]
        lines = "\n".join(json.dumps(value) for value in cls.values) + "\n"
        subprocess.run([SAMPLES, cls.folder.name], input=lines.encode(), check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def bytes_of(self, number, kind):
        return (pathlib.Path(self.folder.name) / f"{number}.{kind}").read_bytes()

    def text_of(self, number, kind):
        return self.bytes_of(number, kind).decode("utf-8")

    def each(self, kind, check):
        """Runs check(value, text) for every value; fails once, naming the values that it failed for."""
        failed = []
        for number, value in enumerate(self.values):
            try:
                check(value, self.text_of(number, kind))
            except Exception as why:  # a parser that gives up is a finding too
                failed.append(f"{value[:60]!r}: {str(why)[:300]}")
        if failed:
            self.fail(f"{len(failed)} values:\n" + "\n".join(failed[:10]))

    def same_as_benign(self, kind, structure):
        expected = structure(self.text_of(0, kind))
        self.each(kind, lambda _, text: self.assertEqual(structure(text), expected))

    def test_there_are_300_of_them(self):
        self.assertEqual(len(self.values), 301)

    def test_json_formats_keep_their_shape_and_the_values(self):
        for kind in ("pack", "navigator", "misp"):
            self.same_as_benign(kind, lambda text: shape(json.loads(text)))
        self.each("misp", lambda value, text: self.assertEqual(json.loads(text)["Event"]["info"], value))
        self.each("pack", lambda value, text: self.assertEqual(json.loads(text)["action_log"][0]["target"], value))

    def test_html_has_the_same_tags_and_no_script(self):
        self.same_as_benign("html", tags)
        names = {seen[0] for seen in tags(self.text_of(0, "html"))}
        self.assertFalse(names & {"script", "img", "a", "iframe", "object", "embed", "link", "form"})

    def test_markdown_has_the_same_blocks_no_link_and_no_markup(self):
        self.same_as_benign("markdown", markdown_tree)
        self.same_as_benign("markdown", table_cells)

    def test_csv_has_the_same_cells_and_no_formula(self):
        def cells_of(text):
            return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))

        widths = [len(row) for row in cells_of(self.text_of(0, "csv"))]

        def check(_, text):
            rows = cells_of(text)
            self.assertEqual([len(row) for row in rows], widths)
            self.assertEqual(len(text.splitlines()), len(rows))  # as a reader sees it that splits lines first
            for cell in (cell for row in rows for cell in row):
                self.assertFalse(cell.lstrip(" \"\u00a0\u3000").startswith(tuple(FORMULA)), cell[:40])

        self.each("csv", check)

    def test_stix_has_the_same_objects(self):
        def kinds(text):
            return collections.Counter(one["type"] for one in json.loads(text)["objects"])

        expected = kinds(self.text_of(0, "stix"))

        def check(_, text):
            seen = kinds(text)
            self.assertLessEqual(seen.pop("url", 0), 1)  # a value that is an address makes one more observable
            self.assertEqual(seen, expected)

        self.each("stix", check)

    @unittest.skipUnless(stix2validator, "stix2-validator is not installed (tests/integration/requirements.txt)")
    def test_stix_patterns_are_one_comparison_with_the_value(self):
        def check(value, text):
            patterns = [one["pattern"] for one in json.loads(text)["objects"] if one["type"] == "indicator"]
            self.assertEqual(len(patterns), 3)
            for pattern in patterns:
                seen = stix_pattern.Pattern(pattern).inspect()
                comparisons = [one for of_type in seen.comparisons.values() for one in of_type]
                self.assertEqual(len(comparisons), 1)
                self.assertFalse(seen.observation_ops)
                _, operator, literal = comparisons[0]
                self.assertEqual(operator, "=")
                self.assertIn(re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL), ("203.0.113.7", value))

        self.each("stix", check)

    @unittest.skipUnless(stix2validator, "stix2-validator is not installed (tests/integration/requirements.txt)")
    def test_stix_is_valid_by_the_schemas_of_the_specification(self):
        options = stix2validator.ValidationOptions(version="2.1")

        def check(_, text):
            result = stix2validator.validate_string(text, options)
            self.assertTrue(result.is_valid, [str(fault) for fault in result.errors][:5])

        self.each("stix", check)

    def test_packs_open_and_their_hashes_hold(self):
        expected = None
        for number in range(len(self.values)):
            with zipfile.ZipFile(io.BytesIO(self.bytes_of(number, "zip"))) as pack:
                self.assertIsNone(pack.testzip())
                names = pack.namelist()
                expected = expected or names
                self.assertEqual(names, expected)
                sums = dict(reversed(line.split("  ", 1)) for line in pack.read("MANIFEST.sha256").decode().splitlines())
                self.assertEqual(list(sums), [name for name in names if not name.startswith("MANIFEST")])
                for name, digest in sums.items():
                    self.assertEqual(hashlib.sha256(pack.read(name)).hexdigest(), digest)


class Navigator(unittest.TestCase):
    """MITRE publishes no JSON schema of layers; these are the tables of LAYERFORMATv4_5.md, property by property."""

    PROPERTIES = {"name": str, "versions": dict, "domain": str, "description": str, "sorting": int, "hideDisabled": bool,
                  "techniques": list, "gradient": dict, "metadata": list}
    TECHNIQUE = {"techniqueID": str, "score": (int, float), "enabled": bool, "showSubtechniques": bool, "comment": str, "metadata": list}

    def test_the_layer_is_one_of_format_4_5(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([SAMPLES, folder], input=b'"x"\n', check=True)
            layer = json.loads((pathlib.Path(folder) / "0.navigator").read_text())
        for name, value in layer.items():
            self.assertIsInstance(value, self.PROPERTIES[name])
        self.assertEqual(layer["domain"], "enterprise-attack")
        self.assertEqual(layer["versions"]["layer"], "4.5")
        self.assertGreaterEqual(tuple(map(int, layer["versions"]["navigator"].split("."))), (4, 9, 0))
        self.assertGreaterEqual(len(layer["gradient"]["colors"]), 2)
        self.assertLess(layer["gradient"]["minValue"], layer["gradient"]["maxValue"])
        self.assertTrue(layer["techniques"])
        for technique in layer["techniques"]:
            self.assertRegex(technique["techniqueID"], r"^T\d{4}(\.\d{3})?$")
            for name, value in technique.items():
                self.assertIsInstance(value, self.TECHNIQUE[name])
            for entry in technique["metadata"]:
                self.assertEqual(set(entry), {"name", "value"})
        for entry in layer["metadata"]:
            self.assertEqual({name: type(value) for name, value in entry.items()}, {"name": str, "value": str})


class SignedPack(unittest.TestCase):
    """Checked as its README says, with programs that every analyst has."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-pack-"))
        self.addCleanup(shutil.rmtree, self.folder)
        subprocess.run([SAMPLES, self.folder], input=b'"benign"\n', check=True)
        with zipfile.ZipFile(self.folder / "0.zip") as pack:
            pack.extractall(self.folder / "pack")

    def run_in_pack(self, *command):
        return subprocess.run(command, cwd=self.folder / "pack", capture_output=True, text=True)

    def verify(self):
        return self.run_in_pack("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public_key.pem", "-rawin", "-in",
                                "MANIFEST.sha256", "-sigfile", "MANIFEST.sha256.sig")

    def test_hashes_and_signature_verify(self):
        sums = self.run_in_pack("sha256sum", "--check", "--strict", "MANIFEST.sha256")
        self.assertEqual(sums.returncode, 0, sums.stdout)
        self.assertEqual(sums.stdout.count(": OK"), 13)
        verified = self.verify()
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertIn("Signature Verified Successfully", verified.stdout)

    def test_the_readme_names_the_commands_and_the_fingerprint(self):
        readme = (self.folder / "pack/README.txt").read_text()
        der = subprocess.run(["openssl", "pkey", "-pubin", "-in", "public_key.pem", "-outform", "DER"],
                             cwd=self.folder / "pack", capture_output=True, check=True).stdout
        sums = subprocess.run(["sha256sum"], input=der, capture_output=True, check=True).stdout.decode()
        self.assertIn(sums.split()[0], readme)
        self.assertIn("sha256sum --check MANIFEST.sha256", readme)
        self.assertIn("openssl pkeyutl -verify", readme)

    def test_a_changed_file_or_manifest_is_found(self):
        report = self.folder / "pack/report.md"
        report.write_text(report.read_text() + "\n")
        self.assertEqual(self.run_in_pack("sha256sum", "--check", "MANIFEST.sha256").returncode, 1)
        manifest = self.folder / "pack/MANIFEST.sha256"
        manifest.write_text(manifest.read_text().replace("report.md", "report.MD"))
        self.assertNotEqual(self.verify().returncode, 0)


if __name__ == "__main__":
    unittest.main()
