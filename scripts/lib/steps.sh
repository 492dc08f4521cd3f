# The steps of scripts/test. Each adds to passed, failed and skipped.
# shellcheck shell=bash

passed=0
failed=0
skipped=0
failures=()
skips=()

# check NAME COMMAND...: one result; the output is shown only when it fails.
check() {
  local name=$1 log
  shift
  log="build/test-${name//[^A-Za-z0-9_.-]/_}.log"
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    failures+=("$name ($log)")
    printf -- '--- %s failed:\n' "$name"
    tail -n 40 "$log"
  fi
}

# What failed and the first lines of why: every runner writes `FAIL name` and then, indented, the reason.
show_failures() {
  awk '/^FAIL/ { left = 12; print; next } /^[ \t]/ && left > 0 { left--; print; next } { left = 0 }' "$1" | head -n 200
}

# Adds up a log whose last matching line is `N passed, N failed[, N skipped]`; none at all is a failure.
count_summary() {
  local name=$1 log=$2 line p f s
  line=$(grep -E '[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
  if [ -z "$line" ]; then
    failed=$((failed + 1))
    failures+=("$name ended without a result ($log)")
    tail -n 40 "$log"
    return
  fi
  p=$(grep -oE '[0-9]+ passed' <<<"$line" | grep -oE '[0-9]+')
  f=$(grep -oE '[0-9]+ failed' <<<"$line" | grep -oE '[0-9]+')
  s=$(grep -oE '[0-9]+ skipped' <<<"$line" | grep -oE '[0-9]+' || echo 0)
  passed=$((passed + p))
  failed=$((failed + f))
  skipped=$((skipped + s))
  [ "$f" -gt 0 ] && { failures+=("$name: $f ($log)"); show_failures "$log"; }
  [ "$s" -gt 0 ] && { skips+=("$name: $s ($log)"); grep -iE 'skip' "$log" | head -n 10; }
  printf '%s: %s\n' "$name" "$line"
}

# Runs the unit tests of a build directory and counts their cases.
run_ctest() {
  local name=$1 dir=$2 log="build/test-$1.log"
  shift 2
  rm -rf "$dir/tests/reports" "build/test-$name.xml"
  ctest --test-dir "$dir" -j 2 --output-on-failure --output-junit "$PWD/build/test-$name.xml" "$@" >"$log" 2>&1
  python3 tools/unit_summary.py "build/test-$name.xml" "$dir/tests/reports" >>"$log" 2>&1
  count_summary "$name" "$log"
}

sources() { git ls-files 'src/*.h' 'src/*.cpp' 'bench/*.cpp' 'bench/*.h' 'tests/*.cpp'; }

step_format() {
  check clang-format bash -c "git ls-files 'src/*.h' 'src/*.cpp' 'bench/*.cpp' 'bench/*.h' 'tests/*.cpp' | xargs clang-format --dry-run --Werror"
}

step_layers() {
  check layers python3 tools/check_layers.py src
  check layers-catches-violations python3 tools/check_layers_test.py
  check unity-joins-safely python3 tools/unity_groups_test.py
  check counts-are-exact python3 tools/unit_summary_test.py
  check asvs python3 tools/check_asvs.py
  check asvs-catches-faults python3 tools/check_asvs_test.py
}

step_web() {
  check console-types npm run --silent typecheck --prefix console
  check console-lint npm run --silent lint --prefix console
  check console-format npm run --silent format:check --prefix console
  npm run --silent test --prefix console >build/test-vitest.log 2>&1
  python3 tools/vitest_summary.py console/test-results.json >>build/test-vitest.log 2>&1
  count_summary vitest build/test-vitest.log
}

step_unit() {
  build_preset release
  run_ctest unit build/release
}

# Hunting queries and playbook commands, parsed by the grammars of their languages.
step_grammars() {
  build_preset release grammar_samples
  npm_install tests/grammars
  node tests/grammars/run.mjs build/release/tests/grammar_samples >build/test-grammars.log 2>&1
  count_summary grammars build/test-grammars.log
}

# Sign-in through a real OpenID provider.
step_oidc() {
  build_preset release tocsin oidc_signin
  npm_install tests/oidc
  node tests/oidc/run.mjs build/release/tests/oidc_signin >build/test-oidc.log 2>&1
  count_summary oidc build/test-oidc.log
}

step_integration() {
  build_preset release tocsin load_client export_samples outbound_test
  local python=build/venv/bin/python3
  python_tools || python=python3
  "$python" -m tests.integration.run >build/test-integration.log 2>&1
  count_summary integration build/test-integration.log
}

step_e2e() {
  build_preset release tocsin
  npm_install tests/e2e
  npm_install tests/oidc
  python3 -m tests.integration.browser >build/test-e2e.log 2>&1
  count_summary e2e build/test-e2e.log
}

TSAN_TARGETS=(http_test outbound_test store_test correlate_test auth_test api_test app_test base_test detect_test)

# The builds of later steps, with what the tests of a running server leave idle: those wait much of their time. It goes on
# where the steps themselves find it; what fails here fails there again and is told there.
build_ahead() {
  setsid nice -n 19 bash -c 'source scripts/lib/common.sh
    build_preset asan; build_preset tsan "$@"; build_preset fuzz fuzzers' build_ahead "${TSAN_TARGETS[@]}" >/dev/null 2>&1 &
  ahead=$!
}

stop_building_ahead() {
  [ -n "${ahead:-}" ] || return 0
  kill -TERM -- "-$ahead" 2>/dev/null
  wait "$ahead" 2>/dev/null
  ahead=
}

step_asan() {
  build_preset asan
  run_ctest asan build/asan
}

# Modules with threads of their own or state that threads share.
# Of the rules only what several threads share; the rest of them is one thread's work, and much of it.
step_tsan() {
  build_preset tsan "${TSAN_TARGETS[@]}"
  run_ctest tsan build/tsan -R '^(http|outbound|store|correlate|auth|api|app)\.'
  GTEST_FILTER='WorkPool.*:SharedRun.*:RuleLibraryTest.*:Detector.*:RuleMatcher.ThreadsShareOneSet:ScanTest.*' \
    run_ctest tsan-rules build/tsan -R '^(base|detect)\.'
}

# Two targets at a time.
step_fuzz() {
  build_preset fuzz fuzzers
  export FUZZ_SECONDS=3
  [ "$TOCSIN_TEST_MODE" = full ] && FUZZ_SECONDS=60
  find build/fuzz/src -type f -name '*_fuzz' -perm -u+x | sort | xargs -P 2 -I{} bash -c '
    name=$(basename "{}")
    log=build/test-fuzz-$name.log
    corpus=("build/fuzz-corpus/$name")
    mkdir -p "${corpus[0]}"
    [ -d "tests/fuzz-seeds/$name" ] && corpus+=("tests/fuzz-seeds/$name")
    if "{}" -max_total_time="$FUZZ_SECONDS" -rss_limit_mb=1024 -timeout=10 -max_len=65536 \
      -artifact_prefix="build/fuzz-corpus/$name-" "${corpus[@]}" >"$log" 2>&1; then echo "ok $name"
    else echo "FAIL $name"; tail -n 40 "$log" | sed "s/^/  /"; fi
  ' >build/test-fuzz.list
  printf '%d passed, %d failed, 0 skipped\n' "$(grep -c '^ok ' build/test-fuzz.list)" "$(grep -c '^FAIL ' build/test-fuzz.list)" >>build/test-fuzz.list
  count_summary fuzz build/test-fuzz.list
}

# Keeps clang-tidy off system headers: a third of the time for the same findings.
tidy_plugin() {
  clang++ -std=c++17 -O1 -fPIC -shared -fno-rtti -isystem "$(clang -print-resource-dir)/../../../include" \
    tools/tidy/own_code_only.cpp -o build/tidy/own_code_only.so
}

# One result a file; two at a time. Tests are left out: they take as long again and ship nothing.
step_tidy() {
  build_preset tidy precompiled
  tidy_plugin || die "building the clang-tidy plugin failed"
  sources | grep -E '^src/.*\.cpp$' | grep -vE '_(test|fuzz)\.cpp$' | xargs -P 2 -I{} bash -c '
    log=build/tidy-$(tr / _ <<<"{}").log
    if clang-tidy --load build/tidy/own_code_only.so -p build/tidy --quiet "{}" >"$log" 2>&1; then echo "ok {}"
    else echo "FAIL {}"; grep -iE "error" "$log" | head -n 5 | sed "s/^/  /"; fi
  ' >build/test-tidy.list
  printf '%d passed, %d failed, 0 skipped\n' "$(grep -c '^ok ' build/test-tidy.list)" "$(grep -c '^FAIL ' build/test-tidy.list)" >>build/test-tidy.list
  count_summary tidy build/test-tidy.list
}
