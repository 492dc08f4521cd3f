"""Runs the browser tests of tests/e2e against a fresh server with the sample company; passes their last line on."""
import os
import subprocess
import sys
import tempfile

from tests.integration.harness import ROOT, Server


def main():
    with tempfile.TemporaryDirectory(prefix="tocsin-browser-") as folder:
        server = Server(os.path.join(folder, "data"), "--demo").start()
        try:
            command = ["node", str(ROOT / "tests/e2e/run.mjs"), *sys.argv[1:]]
            return subprocess.run(command, env={**os.environ, "BASE_URL": f"http://127.0.0.1:{server.port}"}).returncode
        finally:
            server.kill()


if __name__ == "__main__":
    sys.exit(main())
