#!/usr/bin/env bash
# Builds the benchmarks and runs the quick set, some four minutes. Figures are printed beside those
# of a baseline measured in the same run; docs/performance.md says what each one means.
#
#   scripts/bench.sh          the quick set
#   scripts/bench.sh --full   every count of devices, with and without TLS: half an hour
set -euo pipefail
cd "$(dirname "$0")/.."

extent=(--quick)
case "${1:-}" in
  "") ;;
  --full) extent=(--freeze) ;;
  *) echo "usage: scripts/bench.sh [--full]" >&2; exit 2 ;;
esac

bin=build/release/bin
# Shows the command as a user would type it, and runs it.
try() { printf '\n$ %s\n' "$*"; "$@"; }

scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target benchmarks

try $bin/micro_bench
try $bin/provision_bench
try $bin/report_bench
try $bin/burst_bench "${extent[@]}"
