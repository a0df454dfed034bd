#!/usr/bin/env bash
# Builds with line counting, runs every test but the browser's, and prints which share of the lines
# of src/ they reach: the files that are reached least first, then the rooms, then the total. Fails
# when a test failed (after the figure, which then is too low) or when the total is below 90 %.
# An HTML report with every line: build/coverage/report/index.html.
set -euo pipefail
cd "$(dirname "$0")/.."

# Programs that tests run as another user may not write counters here; said on standard error, that
# would be taken for the program's own words.
export GCOV_ERROR_FILE=/dev/null

scripts/setup.sh coverage
cmake --preset coverage >/dev/null
cmake --build --preset coverage --parallel "$(nproc)"

find build/coverage -name '*.gcda' -delete
tests=passed
ctest --preset coverage --parallel "$(nproc)" --label-exclude browser || tests=failed

report=build/coverage/report
mkdir -p $report
gcovr --root . --filter src/ --object-directory build/coverage -j "$(nproc)" \
  --json-summary $report/summary.json --html-details $report/index.html build/coverage

jq -r '
  def row: "\(.line_percent) %\t\(.line_total - .line_covered) lines are not\t\(.filename)";
  def room: .filename | split("/")[:2] | join("/");
  def sum: {filename: .[0] | room, line_covered: map(.line_covered) | add, line_total: map(.line_total) | add}
    | .line_percent = (1000 * .line_covered / .line_total | round) / 10;
  (.files | sort_by(.line_percent)[:25][] | row), "",
  (.files | group_by(room) | map(sum) | sort_by(.line_percent)[] | row), "",
  "src: \(.line_percent) % of \(.line_total) lines are reached"' $report/summary.json

[ $tests = passed ] || { echo "coverage: a test failed, see above" >&2; exit 1; }
jq -e '.line_percent >= 90' $report/summary.json >/dev/null || { echo "coverage: below 90 %" >&2; exit 1; }
