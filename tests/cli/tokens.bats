# run_telemetry with a tokens.json that is missing or broken: exit 2, and what to do about it. No
# broker listens: nothing here gets as far as connecting.
load helpers

refuses_tokens() {
  run --separate-stderr run_telemetry --mqtt-port 1
  exits 2
  [ -z "$output" ]
  shows "data/tokens.json" "$stderr"
  shows "$1" "$stderr"
  [ ! -e data/metrics.json ]
}

@test "missing: provision first" { refuses_tokens provision; }

@test "empty" {
  mkdir data
  : >data/tokens.json
  refuses_tokens provision
}

@test "truncated" {
  mkdir data
  printf '{"sim-001": "to' >data/tokens.json
  refuses_tokens provision
}

@test "binary" {
  mkdir data
  head -c 300 /dev/urandom >data/tokens.json
  refuses_tokens provision
}

@test "an array" {
  mkdir data
  printf '["sim-001"]' >data/tokens.json
  refuses_tokens provision
}

@test "no device in it" {
  mkdir data
  printf '{}' >data/tokens.json
  refuses_tokens provision
}

@test "a token that is no string: the device is named, the other tokens are not shown" {
  mkdir data
  printf '{"sim-001": "hunter2", "sim-002": 7}' >data/tokens.json
  refuses_tokens sim-002
  refute_shown hunter2
}

@test "a directory in its place" {
  mkdir -p data/tokens.json
  refuses_tokens directory
}

@test "unreadable" {
  enter_shared_folder run_telemetry
  mkdir data
  chmod 777 data
  printf '{"sim-001": "hunter2"}' >data/tokens.json
  chmod 600 data/tokens.json
  run --separate-stderr as_nobody run_telemetry --mqtt-port 1
  exits 2
  shows "data/tokens.json" "$stderr"
  shows "Permission denied" "$stderr"
}
