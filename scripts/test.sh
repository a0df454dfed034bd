#!/usr/bin/env bash
# Installs what is missing, lints, builds, and runs every test: as released, under the address and
# undefined behaviour sanitizers, and what runs threads under the thread sanitizer.
#
#   scripts/test.sh            everything, as it runs before a change is accepted
#   scripts/test.sh release    one of release, asan, tsan
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh

jobs=$(nproc)
presets=("${@:-release}")
[ $# -gt 0 ] || presets=(release asan tsan)

[ $# -gt 0 ] || scripts/lint.sh

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1}
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-suppressions=$PWD/tests/support/tsan.supp}

# A compiler that does not stop to collect its own garbage is done an eighth sooner.
export CXXFLAGS="${CXXFLAGS:-} --param ggc-min-heapsize=600000"

for preset in "${presets[@]}"; do
  echo "==> $preset: build"
  benchmarks=OFF
  [ "$preset" != release ] || benchmarks=ON
  cmake --preset "$preset" -DSTRESSKIT_TESTS=ON -DSTRESSKIT_BENCH=$benchmarks
  targets=()
  [ "$preset" != tsan ] || targets=(--target unit_tests integration_tests faults_tests)
  cmake --build --preset "$preset" --parallel "$jobs" "${targets[@]}"
done

# Tests wait more than they compute.
at_once=$((2 * jobs))
for preset in "${presets[@]}"; do
  echo "==> $preset: test"
  case $preset in
    # The page's scripts and the browser are the same whatever the programs were built with.
    asan) ctest --preset asan --parallel $at_once --label-exclude 'browser' ;;
    tsan) ctest --preset tsan --parallel $at_once --tests-regex '^(unit|integration|faults)' ;;
    *) ctest --preset "$preset" --parallel $at_once ;;
  esac
done
