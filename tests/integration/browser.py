"""Runs the browser tests of tests/e2e against a server of their own; passes flags on (--screenshots)."""
import os
import subprocess
import sys

from tests.integration.harness import ROOT, server


def main():
    with server() as running:
        environment = {**os.environ, "BASE_URL": f"http://127.0.0.1:{running.port}"}
        run = subprocess.run(["node", "tests/e2e/run.mjs", *sys.argv[1:]], cwd=ROOT, env=environment, check=False)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
