#include "stresskit/config/keys.hpp"

#include <algorithm>

namespace stresskit::config {

namespace {

using P = Program;
using G = Group;
using T = Type;

constexpr Programs administering = P::check_connectivity | P::provision | P::delete_by_prefix;
constexpr Programs rest = administering | P::run_telemetry | P::verify_storage;
constexpr Programs rest_only = administering | P::verify_storage;
constexpr Programs bulk = P::provision | P::delete_by_prefix;
constexpr Programs connecting = P::check_connectivity | P::run_telemetry;
constexpr Programs workflow = rest | P::stop_telemetry | P::run_dashboard | P::make_report;
constexpr Programs everybody = workflow | P::run_sandbox;

constexpr double max_devices = 1'000'000;  // client ids, files and memory are thought for less
constexpr double any_count = 4'294'967'295;
constexpr Range ports{1, 65'535};
constexpr Range ports_or_free{0, 65'535};

constexpr std::uint32_t u32(const Value& v) {
  return static_cast<std::uint32_t>(v.count);
}
constexpr std::uint16_t u16(const Value& v) {
  return static_cast<std::uint16_t>(v.count);
}

// clang-format off
constexpr Key table[] = {
    {.name = "TB_URL", .option = "tb-url", .group = G::thingsboard, .type = T::url,
     .example = "http://127.0.0.1:8080",
     .help = "address of the server: http(s)://host[:port][/path]", .taken_by = rest,
     .needed_by = rest_only,
     .store = [](Settings& s, const Value& v) { s.thingsboard.url = v.text; }},
    {.name = "TB_USERNAME", .option = "tb-username", .group = G::thingsboard, .type = T::text,
     .example = "tenant@thingsboard.org", .help = "log-in name of a tenant administrator",
     .taken_by = rest, .needed_by = rest_only,
     .store = [](Settings& s, const Value& v) { s.thingsboard.username = v.text; }},
    {.name = "TB_PASSWORD", .group = G::thingsboard, .type = T::text, .example = "tenant",
     .help = "password of that user", .secret = true, .taken_by = rest, .needed_by = rest_only,
     .store = [](Settings& s, const Value& v) { s.thingsboard.password = v.text; }},
    {.name = "TB_TIMEOUT", .option = "tb-timeout", .group = G::thingsboard, .type = T::duration,
     .fallback = "60", .range = {0.1, 3600}, .unit = "s", .help = "longest wait for one answer",
     .taken_by = rest,
     .store = [](Settings& s, const Value& v) { s.thingsboard.timeout = v.duration; }},
    {.name = "TB_CA_FILE", .option = "tb-ca-file", .group = G::thingsboard, .type = T::file,
     .says = "the system's", .help = "the only certificate authorities (PEM) to trust for https",
     .taken_by = rest,
     .store = [](Settings& s, const Value& v) { s.thingsboard.ca_file = v.text; }},
    {.name = "TB_TLS_INSECURE", .option = "tb-tls-insecure", .group = G::thingsboard,
     .type = T::boolean, .fallback = "0", .help = "do not verify the server's certificate (https)",
     .taken_by = rest,
     .store = [](Settings& s, const Value& v) { s.thingsboard.tls_insecure = v.yes; }},

    {.name = "DEVICE_PREFIX", .option = "device-prefix", .group = G::devices, .type = T::prefix,
     .fallback = "sim", .help = "devices are named PREFIX-001, PREFIX-002, ...",
     .taken_by = administering,
     .store = [](Settings& s, const Value& v) { s.fleet.prefix = v.text; }},
    {.name = "DEVICE_COUNT", .option = "device-count", .group = G::devices, .type = T::count,
     .fallback = "500", .range = {1, any_count},
     .help = "how many devices; more than DEVICE_CEILING is cut down to it",
     .taken_by = P::provision | P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.fleet.count = u32(v); }},
    {.name = "DEVICE_CEILING", .option = "device-ceiling", .group = G::devices, .type = T::count,
     .fallback = "500", .range = {1, max_devices}, .help = "raise it to go above 500 devices",
     .taken_by = P::provision | P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.fleet.ceiling = u32(v); }},
    {.name = "DEVICE_LABEL", .option = "device-label", .group = G::devices, .type = T::text,
     .fallback = "sim-lab", .help = "label of the devices", .taken_by = P::provision,
     .store = [](Settings& s, const Value& v) { s.fleet.label = v.text; }},
    {.name = "DEVICE_TYPE", .option = "device-type", .group = G::devices, .type = T::text,
     .fallback = "sensor",
     .help = "device profile by name (made if missing); empty: the tenant's default profile",
     .taken_by = P::provision,
     .store = [](Settings& s, const Value& v) { s.fleet.type = v.text; }},
    {.name = "DEVICE_PROFILE_ID", .option = "device-profile-id", .group = G::devices,
     .type = T::uuid, .says = "by DEVICE_TYPE", .help = "id of the device profile to use",
     .taken_by = P::provision,
     .store = [](Settings& s, const Value& v) { s.fleet.profile_id = v.text; }},

    {.name = "PROVISION_CONCURRENCY", .option = "provision-concurrency", .group = G::provisioning,
     .type = T::count, .fallback = "4", .range = {1, 64},
     .help = "REST requests at once (deleting: at most 8)", .taken_by = bulk,
     .store = [](Settings& s, const Value& v) { s.provisioning.concurrency = u32(v); }},
    {.name = "PROVISION_RETRIES", .option = "provision-retries", .group = G::provisioning,
     .type = T::count, .fallback = "5", .range = {0, 100},
     .help = "further attempts after a failed request", .taken_by = bulk,
     .store = [](Settings& s, const Value& v) { s.provisioning.retries = u32(v); }},
    {.name = "PROVISION_RETRY_DELAY", .option = "provision-retry-delay", .group = G::provisioning,
     .type = T::duration, .fallback = "2.0", .range = {0, 600}, .unit = "s",
     .help = "pause before the first retry; grows with each", .taken_by = bulk,
     .store = [](Settings& s, const Value& v) { s.provisioning.retry_delay = v.duration; }},

    {.name = "MQTT_HOST", .option = "mqtt-host", .group = G::mqtt, .type = T::host,
     .fallback = "127.0.0.1", .help = "MQTT host of the server", .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.host = v.text; }},
    {.name = "MQTT_PORT", .option = "mqtt-port", .group = G::mqtt, .type = T::count,
     .fallback = "1883", .range = ports, .help = "MQTT port of the server", .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.port = u16(v); }},
    {.name = "MQTT_TLS", .option = "mqtt-tls", .group = G::mqtt, .type = T::boolean,
     .fallback = "0", .help = "connect with TLS; never falls back to plain text",
     .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.tls = v.yes; }},
    {.name = "MQTT_CA_FILE", .option = "mqtt-ca-file", .group = G::mqtt, .type = T::file,
     .says = "the system's", .help = "the only certificate authorities (PEM) to trust for TLS",
     .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.ca_file = v.text; }},
    {.name = "MQTT_TLS_INSECURE", .option = "mqtt-tls-insecure", .group = G::mqtt,
     .type = T::boolean, .fallback = "0", .help = "do not verify the server's certificate (TLS)",
     .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.tls_insecure = v.yes; }},
    {.name = "MQTT_ENGINE", .option = "mqtt-engine", .group = G::mqtt, .type = T::choice,
     .fallback = "native", .choices = "native|paho", .help = "what drives the connections",
     .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.engine = v.text; }},
    {.name = "MQTT_VERSION", .option = "mqtt-version", .group = G::mqtt, .type = T::choice,
     .fallback = "3.1.1", .choices = "3.1.1|5",
     .help = "protocol version; 5 needs MQTT_ENGINE=native", .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.version = v.text; }},
    {.name = "MQTT_QOS", .option = "mqtt-qos", .group = G::mqtt, .type = T::count, .fallback = "1",
     .range = {0, 1}, .help = "quality of service; 0 has no acknowledgements",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.mqtt.qos = static_cast<int>(v.count); }},
    {.name = "MQTT_WORKERS", .option = "mqtt-workers", .group = G::mqtt, .type = T::count,
     .fallback = "0", .range = {0, 256}, .help = "worker threads; 0: automatic",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.mqtt.workers = u32(v); }},
    {.name = "MQTT_KEEPALIVE_SEC", .option = "mqtt-keepalive-sec", .group = G::mqtt,
     .type = T::whole_seconds, .fallback = "60", .range = {1, 65'535}, .unit = "s",
     .help = "longest silence on a connection", .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.keep_alive = v.duration; }},
    {.name = "MQTT_CONNECT_RATE", .option = "mqtt-connect-rate", .group = G::mqtt,
     .type = T::number, .fallback = "0", .range = {0, max_devices},
     .unit = "a second", .help = "new connections a second, all workers together; 0: no limit",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.mqtt.connect_rate = v.number; }},
    {.name = "MQTT_CONNECT_TIMEOUT_SEC", .option = "mqtt-connect-timeout-sec", .group = G::mqtt,
     .type = T::duration, .fallback = "30", .range = {0.1, 600}, .unit = "s",
     .help = "longest wait until a device is accepted", .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.connect_timeout = v.duration; }},
    {.name = "MQTT_MAX_INFLIGHT", .option = "mqtt-max-inflight", .group = G::mqtt, .type = T::count,
     .fallback = "10", .range = {1, 65'535},
     .help = "unacknowledged messages a device before a due one is skipped",
     .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.mqtt.max_inflight = u32(v); }},
    {.name = "MQTT_RECONNECT", .option = "mqtt-reconnect", .group = G::mqtt, .type = T::boolean,
     .fallback = "1", .help = "reconnect lost devices, after 1 s to 60 s",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.mqtt.reconnect = v.yes; }},
    {.name = "MQTT_LOCAL_ADDRS", .option = "mqtt-local-addrs", .group = G::mqtt, .type = T::list,
     .says = "the system's choice",
     .help = "addresses of this machine to connect from, in turn; engine native only",
     .repeatable = true, .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.mqtt.local_addresses = v.list; }},

    {.name = "PUBLISH_INTERVAL_SEC", .option = "publish-interval-sec", .group = G::run,
     .type = T::duration, .fallback = "1", .range = {0.05, 3600}, .unit = "s",
     .help = "from one burst to the next", .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.burst.interval = v.duration; }},
    {.name = "SIM_START_LEAD_TIME", .option = "sim-start-lead-time", .group = G::run,
     .type = T::duration, .fallback = "0.3", .range = {0, 3600}, .unit = "s",
     .help = "from the last device ready to the first burst", .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.burst.lead_time = v.duration; }},
    {.name = "RUN_DURATION", .option = "duration", .group = G::run, .type = T::duration,
     .says = "until stopped", .range = {0.05, 31'536'000}, .unit = "s",
     .help = "end by itself: only bursts that are due within this time",
     .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.burst.duration = v.duration; }},
    {.name = "RUN_BURSTS", .option = "bursts", .group = G::run, .type = T::count,
     .says = "until stopped", .range = {1, any_count}, .help = "end by itself after so many bursts",
     .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.burst.bursts = v.count; }},
    {.name = "RUN_WARMUP", .option = "warmup", .group = G::run, .type = T::count,
     .fallback = "0", .range = {0, any_count},
     .help = "so many first bursts stay out of latency, spread and thresholds",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.burst.warmup = v.count; }},
    {.name = "RUN_STAGES", .option = "stage", .group = G::run, .type = T::stages,
     .says = "everybody in every burst", .example = "100@30s, 500@60s",
     .help = "the first so many devices take part for so long; then the next stage",
     .repeatable = true, .taken_by = connecting,
     .store = [](Settings& s, const Value& v) { s.burst.stages = v.stages; }},
    {.name = "THRESHOLDS", .option = "threshold", .group = G::run, .type = T::list,
     .says = "none", .example = "ack_p99<250ms, lost==0",
     .help = "what must hold, else exit 99 (docs/reports.md)",
     .repeatable = true,
     .taken_by = P::run_telemetry | P::make_report | P::verify_storage,
     .store = [](Settings& s, const Value& v) { s.thresholds.wanted = v.list; }},
    {.name = "ABORT_ON_CROSSED", .option = "abort-on-crossed", .group = G::run,
     .type = T::boolean, .fallback = "0",
     .help = "end the run as soon as a threshold is crossed for good",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.thresholds.abort_on_crossed = v.yes; }},
    {.name = "ACK_DRAIN_SEC", .option = "ack-drain-sec", .group = G::run, .type = T::duration,
     .fallback = "30", .range = {0, 3600}, .unit = "s",
     .help = "wait for open acknowledgements at the end (2 s after a stop)",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.burst.ack_drain = v.duration; }},

    {.name = "VERIFY_STORED", .option = "verify-stored", .group = G::verification,
     .type = T::boolean, .fallback = "0",
     .help = "number the messages and count over REST what the server stored; needs TB_*",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.verification.stored = v.yes; }},
    {.name = "VERIFY_TIMEOUT_SEC", .option = "verify-timeout-sec", .group = G::verification,
     .type = T::duration, .fallback = "300", .range = {1, 86'400}, .unit = "s",
     .help = "longest wait until everything is stored and counted",
     .taken_by = P::run_telemetry | P::verify_storage,
     .store = [](Settings& s, const Value& v) { s.verification.timeout = v.duration; }},
    {.name = "PROBE_DEVICES", .option = "probe-devices", .group = G::verification,
     .type = T::count, .fallback = "5", .range = {0, 100},
     .help = "devices whose newest stored message is asked for during the run; 0: none",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.verification.probe_devices = u32(v); }},
    {.name = "TB_PROMETHEUS_URL", .option = "tb-prometheus-url", .group = G::verification,
     .type = T::url, .says = "none", .example = "http://127.0.0.1:8080/actuator/prometheus",
     .help = "where the server shows its own counters, if it does", .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.verification.prometheus_url = v.text; }},

    {.name = "METRICS_WRITE_SEC", .option = "metrics-write-sec", .group = G::output,
     .type = T::duration, .fallback = "2", .range = {0.1, 3600}, .unit = "s",
     .help = "how often metrics.json is written", .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.output.metrics_write = v.duration; }},
    {.name = "CONSOLE_SEC", .option = "console-sec", .group = G::output, .type = T::duration,
     .fallback = "5", .range = {0.1, 3600}, .unit = "s",
     .help = "how often a [METRICS] line is printed", .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.output.console = v.duration; }},

    {.name = "DASHBOARD_HOST", .option = "dashboard-host", .group = G::dashboard, .type = T::host,
     .fallback = "0.0.0.0", .help = "address to listen on; 127.0.0.1: this machine only",
     .taken_by = P::run_dashboard,
     .store = [](Settings& s, const Value& v) { s.dashboard.host = v.text; }},
    {.name = "DASHBOARD_PORT", .option = "dashboard-port", .group = G::dashboard, .type = T::count,
     .fallback = "5000", .range = ports_or_free, .help = "port to listen on; 0: a free one",
     .taken_by = P::run_dashboard,
     .store = [](Settings& s, const Value& v) { s.dashboard.port = u16(v); }},
    {.name = "DASHBOARD_PASSWORD", .group = G::dashboard, .type = T::text, .says = "none",
     .help = "what a browser must know to see anything, under any user name", .secret = true,
     .taken_by = P::run_dashboard,
     .store = [](Settings& s, const Value& v) { s.dashboard.password = v.text; }},
    {.name = "DASHBOARD_REFRESH_MS", .option = "dashboard-refresh-ms", .group = G::dashboard,
     .type = T::milliseconds, .fallback = "2000", .range = {100, 3'600'000}, .unit = "ms",
     .help = "how often the page asks for news", .taken_by = P::run_dashboard,
     .store = [](Settings& s, const Value& v) { s.dashboard.refresh = v.duration; }},

    {.name = "DATA_DIR", .option = "data-dir", .group = G::data, .type = T::path,
     .fallback = "data", .help = "where tokens, metrics and runs live", .taken_by = workflow,
     .store = [](Settings& s, const Value& v) { s.data.dir = v.text; }},

    {.option = "env-file", .group = G::command, .type = T::path, .says = ".env, if there is one",
     .help = "file to read the keys from", .taken_by = workflow,
     .store = [](Settings&, const Value&) {}},
    {.option = "password-stdin", .group = G::command, .type = T::boolean,
     .help = "take TB_PASSWORD from the first line of standard input", .taken_by = rest,
     .store = [](Settings&, const Value&) {}},
    {.option = "json", .group = G::command, .type = T::boolean,
     .help = "print the result as one JSON object", .taken_by = everybody,
     .store = [](Settings& s, const Value& v) { s.output.json = v.yes; }},
    {.option = "no-preflight", .group = G::command, .type = T::boolean,
     .help = "start without comparing the run with the limits of the server",
     .taken_by = P::run_telemetry,
     .store = [](Settings& s, const Value& v) { s.verification.preflight = !v.yes; }},
    {.option = "yes", .group = G::command, .type = T::boolean, .help = "delete without asking",
     .taken_by = P::delete_by_prefix,
     .store = [](Settings& s, const Value& v) { s.deleting.yes = v.yes; }},
    {.option = "dry-run", .group = G::command, .type = T::boolean,
     .help = "only list what would go", .taken_by = P::delete_by_prefix,
     .store = [](Settings& s, const Value& v) { s.deleting.dry_run = v.yes; }},
    {.option = "no-wait", .group = G::command, .type = T::boolean,
     .help = "ask the run to stop and do not wait for its end", .taken_by = P::stop_telemetry,
     .store = [](Settings& s, const Value& v) { s.stopping.wait = !v.yes; }},
    {.option = "timeout", .group = G::command, .type = T::duration, .fallback = "40",
     .range = {0, 86'400}, .unit = "s", .help = "longest wait for the run's end",
     .taken_by = P::stop_telemetry,
     .store = [](Settings& s, const Value& v) { s.stopping.timeout = v.duration; }},
    {.option = "run", .group = G::command, .type = T::path, .says = "the latest run",
     .help = "id or folder of the run", .positional = true,
     .taken_by = P::make_report | P::verify_storage,
     .store = [](Settings& s, const Value& v) { s.reporting.run = v.text; }},
    {.option = "other", .group = G::command, .type = T::path,
     .help = "with --compare: the run that is judged by the first one", .positional = true,
     .taken_by = P::make_report,
     .store = [](Settings& s, const Value& v) { s.reporting.other = v.text; }},
    {.option = "format", .group = G::command, .type = T::list, .fallback = "html, console",
     .help = "what to make: html, json, junit, csv, markdown, hgrm, console", .repeatable = true,
     .taken_by = P::make_report,
     .store = [](Settings& s, const Value& v) { s.reporting.formats = v.list; }},
    {.option = "out", .group = G::command, .type = T::path, .says = "the run's folder",
     .help = "folder for the files, or the file when there is but one", .taken_by = P::make_report,
     .store = [](Settings& s, const Value& v) { s.reporting.out = v.text; }},
    {.option = "list", .group = G::command, .type = T::boolean, .help = "list the runs",
     .taken_by = P::make_report,
     .store = [](Settings& s, const Value& v) { s.reporting.list = v.yes; }},
    {.option = "compare", .group = G::command, .type = T::boolean,
     .help = "compare two runs: --compare RUN OTHER; exit 99 when OTHER is worse or says too little",
     .taken_by = P::make_report,
     .store = [](Settings& s, const Value& v) { s.reporting.compare = v.yes; }},
    {.option = "host", .group = G::command, .type = T::host, .fallback = "127.0.0.1",
     .help = "address to listen on", .taken_by = P::run_sandbox,
     .store = [](Settings& s, const Value& v) { s.sandbox.host = v.text; }},
    {.option = "port", .group = G::command, .type = T::count, .fallback = "8080",
     .range = ports_or_free, .help = "REST port; 0: a free one", .taken_by = P::run_sandbox,
     .store = [](Settings& s, const Value& v) { s.sandbox.port = u16(v); }},
    {.option = "mqtt-port", .group = G::command, .type = T::count, .fallback = "1883",
     .range = ports_or_free, .help = "MQTT port; 0: a free one", .taken_by = P::run_sandbox,
     .store = [](Settings& s, const Value& v) { s.sandbox.mqtt_port = u16(v); }},
    {.option = "env-out", .group = G::command, .type = T::path,
     .help = "also write the .env lines to this file, once everything answers",
     .taken_by = P::run_sandbox,
     .store = [](Settings& s, const Value& v) { s.sandbox.env_out = v.text; }},
};
// clang-format on

}  // namespace

std::span<const Key> keys() {
  return table;
}

const Key* find_key(std::string_view name) {
  const auto found = std::find_if(keys().begin(), keys().end(), [&](const Key& key) {
    return !key.name.empty() && key.name == name;
  });
  return found == keys().end() ? nullptr : &*found;
}

std::string_view to_string(Program program) {
  switch (program) {
    case Program::check_connectivity:
      return "check_connectivity";
    case Program::provision:
      return "provision";
    case Program::run_telemetry:
      return "run_telemetry";
    case Program::stop_telemetry:
      return "stop_telemetry";
    case Program::run_dashboard:
      return "run_dashboard";
    case Program::delete_by_prefix:
      return "delete_by_prefix";
    case Program::make_report:
      return "make_report";
    case Program::run_sandbox:
      return "run_sandbox";
    case Program::verify_storage:
      return "verify_storage";
  }
  return "";
}

std::string_view to_string(Group group) {
  switch (group) {
    case Group::thingsboard:
      return "ThingsBoard";
    case Group::devices:
      return "Devices";
    case Group::provisioning:
      return "Provisioning and deleting";
    case Group::mqtt:
      return "MQTT";
    case Group::run:
      return "Run";
    case Group::verification:
      return "Proof of storage";
    case Group::output:
      return "Output";
    case Group::dashboard:
      return "Dashboard";
    case Group::data:
      return "Files";
    case Group::command:
      return "Command line only";
  }
  return "";
}

}  // namespace stresskit::config
