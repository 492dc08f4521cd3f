#!/usr/bin/env bash
# Starts the stand-in on 127.0.0.1:$PORT (8100) with $DATABASE_FILE (a fresh one). Needs the network the first time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv="$here/../.venv"
export DATABASE_FILE=${DATABASE_FILE:-$(mktemp -d)/peer.sqlite}

if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/installed.txt"
fi
cd "$here"
exec "$venv/bin/uvicorn" app:app --host 127.0.0.1 --port "${PORT:-8100}" --workers 1 --loop uvloop --http httptools \
  --no-access-log --log-level warning
