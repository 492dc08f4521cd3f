# Shared by scripts/start and scripts/test. Sourced, not run.
# shellcheck shell=bash

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

packages_in() { grep -hvE '^\s*(#|$)' "$@"; }

# Installs the Debian packages named in the files that are not there yet.
install_packages() {
  local wanted missing=()
  mapfile -t wanted < <(packages_in "$@")
  # nodejs and npm may have come some other way; what counts is the command.
  for package in "${wanted[@]}"; do
    case "$package" in
      nodejs) command -v node >/dev/null && continue ;;
      npm) command -v npm >/dev/null && continue ;;
    esac
    [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing; run as root: apt-get install -y ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

node_is_new_enough() {
  local version
  version=$("$1" -p 'process.versions.node' 2>/dev/null) || return 1
  [ "$(printf '%s\n20.19.0\n' "$version" | sort -V | head -n 1)" = "20.19.0" ]
}

# Vite needs Node 20.19 and Debian 12 has 18: without a newer one, npm brings it into console/.node.
ensure_node() {
  node_is_new_enough node && return
  if [ ! -x console/.node/node_modules/node/bin/node ]; then
    say "installing Node 22 under console/.node"
    npm install --silent --no-audit --no-fund --prefix console/.node node@22.21.1
  fi
  PATH="$PWD/console/.node/node_modules/node/bin:$PATH"
  export PATH
  node_is_new_enough node || die "no Node of at least 20.19 after the install; see console/.node"
}

# npm ci in a folder, again only when its lock file changed.
npm_install() {
  local stamp="$1/node_modules/.installed-lock"
  cmp -s "$1/package-lock.json" "$stamp" && return
  say "npm ci in $1"
  npm ci --silent --no-audit --no-fund --prefix "$1"
  cp "$1/package-lock.json" "$stamp"
}

# Other people's parsers for the integration tests. Without them those tests are skipped, and say so.
python_tools() {
  local wanted=tests/integration/requirements.txt stamp=build/venv/.installed
  cmp -s "$wanted" "$stamp" && return
  say "installing $wanted under build/venv"
  python3 -m venv build/venv && build/venv/bin/pip install --quiet --requirement "$wanted" && cp "$wanted" "$stamp"
}

# The console and the API viewer, packed for the binary to embed. Rebuilt when a source is newer.
build_web() {
  ensure_node
  mkdir -p build/assets
  if [ ! -f build/assets/console.pack ] || [ -n "$(find console api tools/pack_assets.mjs -type f \
      -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/.node/*' -newer build/assets/console.pack -print -quit)" ]; then
    npm_install console/tools/openapi-types
    npm_install console
    say "building the console"
    npm run --silent build --prefix console
    node tools/pack_assets.mjs console/dist build/assets/console.pack
  fi
  if [ ! -f build/assets/docs.pack ] || [ api/docs-viewer/package-lock.json -nt build/assets/docs.pack ] ||
      [ -n "$(find api/docs-viewer -maxdepth 1 -type f -newer build/assets/docs.pack -print -quit)" ]; then
    npm_install api/docs-viewer
    npm run --silent build --prefix api/docs-viewer
    node tools/pack_assets.mjs api/docs-viewer/dist build/assets/docs.pack
  fi
}

configure_preset() {
  cmake --preset "$1" >"build/$1.configure.log" 2>&1 || { tail -n 30 "build/$1.configure.log" >&2; die "configuring $1 failed"; }
}

# build_preset PRESET [target...]
build_preset() {
  local preset=$1
  shift
  configure_preset "$preset"
  if ! cmake --build "build/$preset" ${1:+--target "$@"} >"build/$preset.build.log" 2>&1; then
    grep -E -A8 'error|FAILED' "build/$preset.build.log" | head -n 60 >&2
    die "building $preset failed; whole log: build/$preset.build.log"
  fi
}
