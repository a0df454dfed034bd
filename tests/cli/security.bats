# What nobody else on this machine or network may learn: see docs/security.md.
load helpers

@test "a password comes from standard input, to every program that logs in" {
  start_sandbox
  sed -i '/^TB_PASSWORD=/d' .env
  for program in check_connectivity "provision --device-count 3" \
    "run_telemetry --bursts 1 --verify-stored" verify_storage "delete_by_prefix --yes"; do
    # shellcheck disable=SC2086  # with its arguments
    run --separate-stderr $program --password-stdin <<<tenant
    exits 0
  done
  run --separate-stderr provision --password-stdin <<<hunter2
  exits 3
  refute_shown hunter2
}

@test "a terminal would show the password: nothing is read from it" {
  run script -qec "provision --password-stdin" /dev/null
  exits 2
  shows "standard input is a terminal" "$output"
}

@test "the password is in no file, log or process list of a whole run" {
  start_sandbox
  chmod 644 .env
  run --separate-stderr provision --device-count 2
  exits 0
  shows ".env: holds a password, and other users of this machine can read it" "$stderr"
  chmod 600 .env
  token=$(jq -r '."sim-001"' data/tokens.json)
  start_run --verify-stored
  tr '\0' ' ' <"/proc/$run_pid/cmdline" >cmdline.out
  grep -q '^Max core file size *1 ' "/proc/$run_pid/limits"
  stop_telemetry >stop.out 2>&1
  ends_within 40 "$run_pid"
  make_report --format html --format json --format junit --format csv --format markdown >report.out
  run grep -rlFe "$token" .
  [ "$(sort <<<"$output")" = "$(printf './data/devices.csv\n./data/tokens.json')" ]
  run grep -rlE 'TB_PASSWORD.{0,9}tenant|"password"' --exclude=.env --exclude=sandbox.out .
  [ -z "$output" ]
  [ "$(stat -c %a data/tokens.json data/devices.csv | sort -u)" = 600 ]
}

@test "without a umask secrets are still their owner's alone" {
  start_sandbox
  umask 0
  provision_devices 2
  [ "$(stat -c %a data/tokens.json data/devices.csv .env | sort -u)" = 600 ]
}

@test "with a strict umask others can still read what a run publishes" {
  start_sandbox
  umask 077
  provision_devices 2
  run_telemetry --bursts 1 >run.out
  [ "$(stat -c %a data/run.lock data/metrics.json data/runs/*/*.csv | sort -u)" = 644 ]
}

@test "a dashboard that others can reach warns, and with a password asks for it" {
  start open run_dashboard --dashboard-host 0.0.0.0 --dashboard-port 0
  within 30 grep -q 'set DASHBOARD_PASSWORD' open.err
  DASHBOARD_PASSWORD=hunter2 start locked run_dashboard --json --dashboard-port 0
  within 30 test -s locked.out
  url=$(jq -r .url locked.out)
  for path in "" metrics api/state api/runs; do
    run curl -s -o /dev/null -w '%{http_code}' --max-time 10 "$url$path"
    [ "$output" = 401 ]
  done
  run curl -s --max-time 10 -u anybody:hunter2 "${url}api/state"
  shows '"state"' "$output"
  [ ! -s locked.err ]
}

@test "no program has an option that a password could be given to" {
  for program in "${all_programs[@]}"; do
    run "$program" --help
    # No option that takes a value has a password in its name.
    run grep -E '^  --[a-z-]*password[a-z-]* [A-Z]' <<<"$output"
    exits 1
  done
}
