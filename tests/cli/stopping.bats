# How a run ends: stop_telemetry, the bare flag, signals, a kill; and that only one runs at a time.
load helpers

@test "with no run it says so, exits 0 and leaves no flag" {
  run --separate-stderr stop_telemetry
  exits 0
  [ "$output" = "no run is active in data" ]
  [ ! -e data/stop.flag ]
}

@test "with no run --json says so in one object" {
  run --separate-stderr stop_telemetry --json
  exits 0
  [ "$(jq -c . <<<"$output")" = '{"result":"no-run"}' ]
}
