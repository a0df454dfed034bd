# Data directories that cannot be written: exit 2 with the reason, and nothing half-made.
load helpers

@test "a read-only data directory" {
  enter_shared_folder provision run_telemetry
  mkdir data
  printf '{"sim-001": "token"}' >data/tokens.json
  chmod 644 data/tokens.json
  run --separate-stderr as_nobody run_telemetry --mqtt-port 1
  exits 2
  shows "cannot write to data directory data: Permission denied" "$stderr"
  export TB_URL=http://127.0.0.1:1 TB_USERNAME=a@b TB_PASSWORD=pw
  run --separate-stderr as_nobody provision
  exits 2
  shows "cannot write to data directory data: Permission denied" "$stderr"
}

@test "a data directory that cannot be made" {
  touch file
  mkdir there
  printf '{"sim-001": "token"}' >there/tokens.json
  export TB_URL=http://127.0.0.1:1 TB_USERNAME=a@b TB_PASSWORD=pw
  run --separate-stderr provision --data-dir file/data
  exits 2
  shows "file/data: Not a directory" "$stderr"
}

@test "a full disk before the start" {
  mount_tmpfs data 64k
  printf '{"sim-001": "token"}' >data/tokens.json
  dd if=/dev/zero of=data/ballast bs=4k 2>/dev/null || true
  run --separate-stderr run_telemetry --mqtt-port 1
  exits 2
  shows "cannot write to data directory data: No space left on device" "$stderr"
  export TB_URL=http://127.0.0.1:1 TB_USERNAME=a@b TB_PASSWORD=pw
  run --separate-stderr provision
  exits 2
  shows "No space left on device" "$stderr"
}

@test "a disk that fills up while devices are made: exit 2, and the tokens saved before stay" {
  start_sandbox
  mount_tmpfs data 128k
  provision_devices 5
  dd if=/dev/zero of=data/ballast bs=4k 2>/dev/null || true
  # Room for the probe, not for the tokens of many devices.
  truncate -s -8k data/ballast
  run --separate-stderr provision --device-count 500
  exits 2
  shows "No space left on device" "$stderr"
  [ "$(jq length data/tokens.json)" -ge 5 ]
}

@test "a disk that fills up during a run: the run goes on, says so, and leaves a whole file" {
  start_sandbox
  mount_tmpfs data 256k
  provision_devices 5
  start_run
  dd if=/dev/zero of=data/ballast bs=1k 2>/dev/null || true
  within 20 grep -q "No space left on device" run.err
  kill -INT "$run_pid"
  ends_within 20 "$run_pid"
  exits 1
  jq -e . data/metrics.json >/dev/null
  figures_add_up
}

@test "a broken metrics.json holds up neither stop_telemetry nor the next run" {
  start_sandbox
  provision_devices 2
  for content in '' '{"status": "run' '\377\000\001'; do
    # shellcheck disable=SC2059  # escapes are meant
    printf "$content" >data/metrics.json
    run --separate-stderr stop_telemetry
    exits 0
    run --separate-stderr run_telemetry --bursts 1
    exits 0
    figures_add_up
  done
}

@test "a link in place of runs is not followed, neither in writing nor in reading" {
  mkdir data elsewhere
  printf '{"sim-001": "token"}' >data/tokens.json
  ln -s ../elsewhere data/runs
  run --separate-stderr run_telemetry --mqtt-host 127.0.0.1 --mqtt-port 1 --bursts 1 --mqtt-reconnect=0
  exits 2
  shows "runs is a symbolic link" "$stderr"
  [ -z "$(ls elsewhere)" ]
  mkdir elsewhere/20260101T000000Z-0000
  for command in "make_report 20260101T000000Z-0000" make_report "make_report --list" verify_storage; do
    run --separate-stderr $command
    exits 2
  done
  [ -z "$(ls elsewhere/*)" ]
}
