"""Runs the browser tests of tests/e2e against servers of their own, one in open mode, one with people and one beside an
OpenID provider; passes flags on (--screenshots)."""
import os
import re
import subprocess
import sys
import tempfile

from tests.integration.harness import BINARY, ROOT, server


def run(script, base, more=None):
    environment = {**os.environ, "BASE_URL": base, **(more or {})}
    done = subprocess.run(["node", script, *sys.argv[1:]], cwd=ROOT, env=environment, check=False,
                          stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="", flush=True)
    counts = re.findall(r"^(\d+) passed, (\d+) failed$", done.stdout, re.MULTILINE)
    passed, failed = map(int, counts[-1]) if counts else (0, 1)
    return passed, failed


def add_admin(data):
    """Answers the password that the command printed."""
    said = subprocess.run([str(BINARY), "people", "add", "admin", "--data", data], check=True, capture_output=True,
                          text=True)
    return re.search(r"password (\S+) and", said.stdout).group(1)


def main():
    with tempfile.TemporaryDirectory(prefix="tocsin-rules-") as rules, server("--rules", rules) as running:
        passed, failed = run("tests/e2e/run.mjs", f"http://127.0.0.1:{running.port}", {"RULES_DIR": rules})
    with tempfile.TemporaryDirectory(prefix="tocsin-people-") as directory:
        password = add_admin(f"{directory}/data")
        with server(data=f"{directory}/data") as running:
            # A browser keeps a Secure cookie of plain HTTP for localhost only.
            more = run("tests/e2e/run_access.mjs", f"http://localhost:{running.port}", {"ADMIN_PASSWORD": password})
    provider = run("tests/e2e/run_oidc.mjs", "", {"TOCSIN_BIN": str(BINARY)})
    passed, failed = (sum(counts) for counts in zip((passed, failed), more, provider))
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
