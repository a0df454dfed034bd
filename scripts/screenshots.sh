#!/usr/bin/env bash
# Takes the pictures of the dashboard that the documents show: docs/images/.
#
#   scripts/screenshots.sh [preset]     with the programs of that build, release unless said
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/${1:-release}
for program in "$build/bin/run_dashboard" "$build/tests/hold_run"; do
  [ -x "$program" ] || { echo "screenshots.sh: $program is missing: build it first" >&2; exit 2; }
done

mkdir -p docs/images
STRESSKIT_BIN=$build/bin STRESSKIT_HOLD_RUN=$build/tests/hold_run \
  node tests/browser/screenshots.mjs docs/images
ls -l docs/images
