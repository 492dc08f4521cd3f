#!/usr/bin/env bash
# Starts the stand-in: bench/peer_fastapi/run.sh [PORT] [DATABASE FILE]. Needs network on the first run only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv="$here/../.venv"
port=${1:-8100}
export PEER_DATABASE=${2:-$(mktemp -d)/peer.sqlite}

if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/installed.txt"
fi
cd "$here"
exec "$venv/bin/uvicorn" app:app --host 127.0.0.1 --port "$port" --workers 1 --loop uvloop --http httptools \
  --no-access-log --log-level warning
