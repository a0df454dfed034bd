#!/usr/bin/env bash
# Builds with line counting, runs every test but the browser's, and prints which share of the lines
# of src/ and include/ they reach; the files that are reached least come first. An HTML report with
# every line: build/coverage/report/index.html.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh coverage
cmake --preset coverage >/dev/null
cmake --build --preset coverage --parallel "$(nproc)"
find build/coverage -name '*.gcda' -delete
ctest --preset coverage --parallel "$(nproc)" --label-exclude browser --quiet

mkdir -p build/coverage/report
gcovr --root . --object-directory build/coverage --filter src/ --filter include/ -j "$(nproc)" \
  --exclude-unreachable-branches --exclude-throw-branches --sort-uncovered \
  --html-details build/coverage/report/index.html --txt
