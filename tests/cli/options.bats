# --help and --version of every program, and what no program understands.
load helpers

@test "--help goes to standard output, fits 100 columns, and exits 0" {
  for program in "${all_programs[@]}"; do
    for option in --help -h; do
      run --separate-stderr "$program" "$option"
      exits 0
      [ -z "$stderr" ]
      shows "Usage: $program" "$output"
      shows "--version" "$output"
      [ "$(wc -L <<<"$output")" -le 100 ]
    done
  done
}

@test "--help wins over problems on the same command line" {
  run --separate-stderr provision --help --device-count nonsense --nope
  exits 0
  shows "Usage: provision" "$output"
}

@test "--version names program and version" {
  for program in "${all_programs[@]}"; do
    run --separate-stderr "$program" --version
    exits 0
    [[ "$output" =~ ^$program\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
  done
}

@test "an unknown option is exit 2 and named, with the nearest one" {
  for program in "${all_programs[@]}"; do
    run --separate-stderr "$program" --jsno
    exits 2
    [ -z "$output" ]
    shows "--jsno: unknown option; did you mean --json?" "$stderr"
  done
}

@test "an option of another program is refused with that program's name" {
  run --separate-stderr stop_telemetry --warmup 3
  exits 2
  shows "not an option of stop_telemetry, but of run_telemetry" "$stderr"
}

@test "an option without its value is exit 2" {
  run --separate-stderr provision --device-count
  exits 2
  shows "--device-count: needs a value" "$stderr"
}

@test "a stray word is exit 2" {
  run --separate-stderr stop_telemetry now
  exits 2
  shows '"now": unexpected argument' "$stderr"
}

@test "a password on the command line is refused and not shown" {
  for words in "--tb-password hunter2" "--tb-password=hunter2" "--password hunter2"; do
    # shellcheck disable=SC2086  # two words
    run --separate-stderr provision $words
    exits 2
    refute_shown hunter2
  done
}

@test "an option given twice: the last counts, with a warning" {
  run --separate-stderr stop_telemetry --timeout x --timeout 1
  exits 0
  shows "--timeout is given more than once; the last one counts" "$stderr"
}

@test "a result that cannot be written is no success" {
  for command in 'stop_telemetry >/dev/full' 'stop_telemetry >&-' 'run_telemetry --help >/dev/full'; do
    run --separate-stderr bash -c "$command"
    exits 1
    shows "cannot write the result" "$stderr"
  done
}

@test "standard error that takes nothing changes no exit code" {
  run bash -c 'stop_telemetry --bogus 2>/dev/full'
  exits 2
  run bash -c 'stop_telemetry --bogus 2>&-'
  exits 2
  run bash -c 'provision --tb-url http://127.0.0.1:1 --tb-username a --env-file /dev/null 2>/dev/full'
  exits 2
}
