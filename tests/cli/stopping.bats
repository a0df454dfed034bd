# stop_telemetry, with and without a run.
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
