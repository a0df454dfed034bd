# The phases one after the other against the sandbox, as a script chains them.
load helpers

@test "from an empty server to a run that adds up, and back" {
  start_sandbox
  run --separate-stderr check_connectivity
  exits 0
  run --separate-stderr provision --device-count 20
  exits 0
  [ "$(jq length data/tokens.json)" = 20 ]
  [ "$(stat -c %a data/tokens.json data/devices.csv | sort -u)" = 600 ]
  [ "$(metric .status)" = idle ]
  run --separate-stderr check_connectivity
  exits 0
  start_run
  run --separate-stderr stop_telemetry
  exits 0
  shows "stopped after" "$output"
  ends_within 10 "$run_pid"
  exits 0
  [ "$(metric .status)" = stopped ]
  figures_add_up
  metric_is '.totals.acknowledged > 0 and .totals.acknowledged == .totals.sent' true
  metric_is .totals.in_flight 0
  [ ! -e data/stop.flag ]
  run --separate-stderr delete_by_prefix
  exits 0
  run --separate-stderr delete_by_prefix --dry-run --json
  exits 0
  [ -e data/tokens.json ]
}

@test "a run that ends by itself after so many bursts" {
  start_sandbox
  provision_devices 5
  run --separate-stderr run_telemetry --bursts 3 --publish-interval-sec 0.2
  exits 0
  [ "$(metric .status)" = stopped ]
  [ "$(metric .totals.planned)" = 15 ]
  [ "$(metric .totals.acknowledged)" = 15 ]
  figures_add_up
}

@test "--duration counts bursts that are due within it" {
  start_sandbox
  provision_devices 5
  run --separate-stderr run_telemetry --duration 1 --publish-interval-sec 250ms
  exits 0
  [ "$(metric .totals.planned)" = 20 ]
}

@test "--json keeps standard output to one object" {
  start_sandbox
  run --separate-stderr check_connectivity --json
  exits 0
  jq -es 'length == 1 and (.[0] | type) == "object"' <<<"$output"
  run --separate-stderr provision --device-count 3 --json
  exits 0
  jq -es 'length == 1 and (.[0] | type) == "object"' <<<"$output"
  run --separate-stderr run_telemetry --bursts 2 --publish-interval-sec 0.2 --console-sec 0.1 --json
  exits 0
  jq -es 'length == 1 and .[0].totals.acknowledged == 6' <<<"$output"
  shows "[METRICS]" "$stderr"
  run --separate-stderr delete_by_prefix --json
  exits 0
  jq -es 'length == 1 and (.[0] | type) == "object"' <<<"$output"
}

@test "the ends of the interval's range work" {
  start_sandbox
  provision_devices 3
  run --separate-stderr run_telemetry --bursts 5 --publish-interval-sec 0.05
  exits 0
  [ "$(metric '.totals | .planned')" = 15 ]
  figures_add_up
  start_run --publish-interval-sec 3600
  run --separate-stderr stop_telemetry
  exits 0
  ends_within 10 "$run_pid"
  [ "$(metric .totals.acknowledged)" = 3 ]
}

@test "device counts at the ends of their range" {
  start_sandbox
  run --separate-stderr provision --device-count 1
  exits 0
  [ "$(jq -c keys data/tokens.json)" = '["sim-001"]' ]
  run --separate-stderr provision --device-count 501
  exits 0
  shows "501 is more than DEVICE_CEILING" "$stderr"
  [ "$(jq length data/tokens.json)" = 500 ]
  run --separate-stderr run_telemetry --bursts 2
  exits 0
  [ "$(metric .totals.acknowledged)" = 1000 ]
  figures_add_up
}

@test "run_telemetry takes the first devices when told fewer, and warns when told more" {
  start_sandbox
  provision_devices 5
  run --separate-stderr run_telemetry --bursts 1 --device-count 2
  exits 0
  [ "$(metric .device_count)" = 2 ]
  [ "$(metric '[.devices[].name] | sort | join(" ")')" = "sim-001 sim-002" ]
  run --separate-stderr run_telemetry --bursts 1 --device-count 50
  exits 0
  [ "$(metric .device_count)" = 5 ]
  shows "warning" "$stderr"
}

@test "letters of any language survive" {
  start_sandbox
  export DEVICE_PREFIX=Fühler-датчик
  provision_devices 3
  [ "$(jq -r 'keys[0]' data/tokens.json)" = Fühler-датчик-001 ]
  shows "Fühler-датчик-003" "$(cat data/devices.csv)"
  run --separate-stderr run_telemetry --bursts 1
  exits 0
  [ "$(metric .totals.acknowledged)" = 3 ]
  run --separate-stderr delete_by_prefix
  exits 0
}

@test "the data directory is where --data-dir says" {
  start_sandbox
  run --separate-stderr provision --device-count 2 --data-dir "else where"
  exits 0
  [ -s "else where/tokens.json" ]
  [ ! -e data ]
}
