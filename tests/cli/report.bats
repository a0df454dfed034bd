# make_report as an operator and a CI job use it.
load helpers

# A short run against the sandbox; its id in $run_id.
finished_run() {
  run --separate-stderr run_telemetry --bursts 6 --publish-interval-sec 0.1 "$@"
  run_id=$(jq -r .run_id data/metrics.json)
}

# valid FILE: whether it is what docs/summary.schema.json says.
valid() {
  /usr/bin/python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' \
    "$BATS_TEST_DIRNAME/../../docs/summary.schema.json" "$1"
}

@test "a run becomes a page, and every other format" {
  start_sandbox
  provision_devices 5
  finished_run --threshold 'lost==0' --threshold 'ack_p99<10s'
  exits 0
  run --separate-stderr make_report
  exits 0
  # Not a number: a busy machine may miss a burst.
  shows "acknowledged $(metric .totals.acknowledged) " "$output"
  shows "lost==0" "$output"
  grep -q '<h2>Thresholds' "data/runs/$run_id/report.html"
  run --separate-stderr make_report "$run_id" --format html,json,junit,csv,markdown,hgrm --out reports
  exits 0
  for file in report.html report.json report.xml report-bursts.csv report-devices.csv report.md \
    ack_from_due.hgrm spread.hgrm; do
    [ -s "reports/$file" ]
  done
  # A machine too busy to keep the bursts in time fails the generator's own case, and rightly.
  grep -Eq 'tests="4" failures="[01]"' reports/report.xml
  [ "$(wc -l <reports/report-bursts.csv)" = 7 ]
  run --separate-stderr make_report "data/runs/$run_id" --format junit --out one.xml
  exits 0
  [ -s one.xml ]
  # Reports that cannot be written: the figures all the same, the file and the reason, exit 1.
  run --separate-stderr make_report --out one.xml/reports
  exits 1
  shows "cannot create one.xml for the reports: Not a directory" "$stderr"
  shows "acknowledged 30" "$output"
  mount_tmpfs full 16k
  dd if=/dev/zero of=full/ballast bs=4k 2>/dev/null || true
  run --separate-stderr make_report --format html --out full
  exits 1
  shows "cannot write full/report.html: No space left on device" "$stderr"
  run --separate-stderr make_report --compare "$run_id" "$run_id" --format markdown --out full
  exits 1
  shows "cannot write full/comparison.md: No space left on device" "$stderr"
}

@test "summaries and reports are what the schema says" {
  start_sandbox
  provision_devices 3
  finished_run --threshold 'lost==0'
  valid "data/runs/$run_id/summary.json"
  make_report --json >report.json
  valid report.json
  echo '{"schema_version": 1}' >wrong.json
  run valid wrong.json
  [ "$status" != 0 ]
}

@test "a crossed threshold is exit 99, a wrong one exit 2 with the metrics" {
  start_sandbox
  provision_devices 3
  finished_run
  exits 0
  run --separate-stderr make_report --threshold 'acknowledged_ratio>=1%'
  exits 0
  run --separate-stderr make_report --threshold 'ack_p99<1us'
  exits 99
  run --separate-stderr make_report --threshold 'akc_p99<1us' --threshold 'lost=0'
  exits 2
  shows 'did you mean ack_p99' "$stderr"
  shows 'lost=0' "$stderr"
  shows 'acknowledged_ratio' "$stderr"
  run --separate-stderr make_report --format pdf
  exits 2
  run --separate-stderr make_report nothing
  exits 2
  shows 'make_report --list' "$stderr"
}

@test "a killed run is listed and told" {
  start_sandbox
  provision_devices 4
  start_run
  run_id=$(metric .run_id)
  within 10 grep -q k.:3 "data/runs/$run_id/bursts.ndjson"
  run --separate-stderr make_report --list
  exits 0
  shows running "$output"
  kill -KILL "$run_pid"
  within 10 gone "$run_pid"
  run --separate-stderr make_report
  exits 0
  shows "the run was killed" "${lines[0]}"
  shows "verdict   of a run that never ended" "$output"
  run --separate-stderr make_report --list --json
  [ "$(jq -r '.runs[0].state' <<<"$output")" = killed ]
  rm "data/runs/$run_id/config.json"
  run --separate-stderr make_report --list
  exits 0
  shows "$run_id" "$output"
  run --separate-stderr make_report "$run_id"
  exits 2
}

@test "two runs side by side" {
  start_sandbox
  provision_devices 4
  finished_run
  first=$run_id
  finished_run --mqtt-max-inflight 9
  run --separate-stderr make_report --compare "$first" "$first" --json
  exits 0
  [ "$(jq .worse <<<"$output")" = false ]
  run --separate-stderr make_report --compare "$first" "$run_id" --format console,markdown --out .
  shows "ack p99" "$output"
  shows "MQTT_MAX_INFLIGHT: 10 | 9" "$output"
  [ -s comparison.md ]
  run --separate-stderr make_report --compare "$first"
  exits 2
}

@test "without any run it says so" {
  run --separate-stderr make_report
  exits 2
  shows "there is no run in data/runs yet" "$stderr"
  run --separate-stderr make_report --list
  exits 0
}
