# run_sandbox as a user starts and ends it.
load helpers

@test "the sandbox prints the lines of .env and nothing else, also into --env-out" {
  start_sandbox
  run cat .env
  [ "$(cut -d= -f1 <<<"$output" | tr '\n' ' ')" = "TB_URL TB_USERNAME TB_PASSWORD MQTT_HOST MQTT_PORT " ]
  within 10 cmp -s .env sandbox.out
  user=$(sed -n 's/^TB_USERNAME=//p' .env)
  password=$(sed -n 's/^TB_PASSWORD=//p' .env)
  curl -fsS -o answer.json -H 'Content-Type: application/json' \
    -d "{\"username\":\"$user\",\"password\":\"$password\"}" "$(sandbox_url)/api/auth/login"
  jq -e .token answer.json >/dev/null
}

@test "an --env-out that cannot be written: exit 2, with the reason; what .env holds is not read" {
  echo 'no line of ours' >.env
  run --separate-stderr run_sandbox --port 0 --mqtt-port 0 --env-out nowhere/.env
  exits 2
  shows "cannot write nowhere/.env: No such file or directory" "$stderr"
}

@test "with --json it prints one object with the same keys" {
  start_sandbox --json
  within 10 test -s sandbox.out
  [ "$(jq -r 'to_entries[] | "\(.key)=\(.value)"' sandbox.out)" = "$(cat .env)" ]
}

@test "the sandbox ends with 0 on SIGINT and SIGTERM, and its transport with it" {
  for signal in INT TERM; do
    rm -f .env
    start_sandbox
    transport=$(pgrep -P "$sandbox")
    kill "-$signal" "$sandbox"
    ends_within 20 "$sandbox"
    exits 0
    within 10 gone "$transport"
  done
}

@test "the sandbox's transport ends with it, also when it is killed" {
  start_sandbox
  transport=$(pgrep -P "$sandbox")
  kill -KILL "$sandbox"
  within 10 gone "$transport"
}

@test "a port that is taken is exit 2 and named" {
  start_sandbox
  port=$(sed -n 's/^TB_URL=.*:\([0-9]*\)$/\1/p' .env)
  mqtt_port=$(sed -n 's/^MQTT_PORT=//p' .env)
  run --separate-stderr timeout 30 run_sandbox --port "$port" --mqtt-port 0
  exits 2
  shows "$port" "$stderr"
  run --separate-stderr timeout 30 run_sandbox --port 0 --mqtt-port "$mqtt_port"
  exits 2
  shows "$mqtt_port" "$stderr"
}
