# What run_telemetry checks of this machine before it connects: limits, ports, addresses.
load helpers

# 300 tokens and a port where nobody listens: nothing here needs a server.
make_tokens() {
  mkdir -p data
  jq -n '[range(1; 301) | {("sim-" + (1000 + . | tostring | .[1:])): "token-\(.)"}] | add' \
    >data/tokens.json
}

run_with_files() {
  local limit=$1
  shift
  run --separate-stderr bash -c 'ulimit "$1" "$2"; shift 2; exec run_telemetry "$@"' \
    limited "${limit% *}" "${limit#* }" --mqtt-host 127.0.0.1 --mqtt-port 1 \
    --mqtt-reconnect=0 "$@"
}

@test "a soft limit of open files that is too low is raised without a word" {
  start_sandbox
  provision_devices 100
  run --separate-stderr bash -c 'ulimit -Sn 64; exec run_telemetry --bursts 1 --sim-start-lead-time 0.1'
  exits 0
  metric_is .totals.acknowledged 100
}

@test "a hard limit of open files that is too low: exit 2, and what to do about it" {
  make_tokens
  run_with_files "-n 200"
  exits 2
  shows "300 devices need 365 open files, but the hard limit here is 200" "$stderr"
  shows "--device-count" "$stderr"
  [ ! -e data/metrics.json ]
}

@test "each worker takes one open file more" {
  make_tokens
  run_with_files "-n 200" --mqtt-workers 200
  exits 2
  shows "300 devices need 564 open files" "$stderr"
}

@test "more workers than processors are allowed, with a warning" {
  start_sandbox
  provision_devices 3
  run --separate-stderr run_telemetry --bursts 1 --mqtt-workers 256 --sim-start-lead-time 0.1
  exits 0
  shows "MQTT_WORKERS is 256, but this machine has" "$stderr"
  metric_is .totals.acknowledged 3
}

@test "worker counts that make no sense" {
  make_tokens
  for count in -1 257 1.5 many; do
    run --separate-stderr run_telemetry "--mqtt-workers=$count"
    exits 2
    shows "--mqtt-workers" "$stderr"
  done
}

@test "an engine that does not exist" {
  make_tokens
  run --separate-stderr run_telemetry --mqtt-engine telegraph
  exits 2
  shows '"telegraph"' "$stderr"
  shows native "$stderr"
}

@test "a local address that is not ours" {
  make_tokens
  run --separate-stderr run_telemetry --mqtt-local-addrs 127.0.0.2,192.0.2.77
  exits 2
  shows "MQTT_LOCAL_ADDRS: 192.0.2.77: not an address of this machine" "$stderr"
  run --separate-stderr run_telemetry --mqtt-local-addrs here
  exits 2
  shows "here" "$stderr"
}

@test "local addresses of another family than the server's" {
  make_tokens
  run --separate-stderr run_telemetry --mqtt-host ::1 --mqtt-local-addrs 127.0.0.2
  exits 2
  shows "IPv4 addresses cannot reach MQTT_HOST, which has IPv6 addresses only" "$stderr"
}

@test "a host name that does not exist: exit 3" {
  make_tokens
  run --separate-stderr run_telemetry --mqtt-host no-such-host.invalid
  exits 3
  shows 'cannot resolve the MQTT host "no-such-host.invalid"' "$stderr"
  [ ! -e data/metrics.json ]
}
