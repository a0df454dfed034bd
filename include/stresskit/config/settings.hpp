#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::config {

using Duration = std::chrono::nanoseconds;

// One section for each room that needs settings. The defaults live in the key table (keys.cpp)
// alone; a room is handed its own section, never the whole.

struct ThingsBoard {
  std::string url;  ///< http(s)://host[:port][/path], no slash at the end
  std::string username;
  std::string password;  ///< a secret
  Duration timeout{};    ///< of one REST request
  std::string ca_file;   ///< empty: the system's certificate authorities
  bool tls_insecure = false;
};

struct Fleet {
  std::string prefix;
  std::uint32_t count = 0;   ///< at most `ceiling`: a larger wish was clamped with a warning
  bool count_given = false;  ///< whether DEVICE_COUNT was set by the user
  std::uint32_t ceiling = 0;
  std::string label;
  std::string type;        ///< empty: the tenant's default profile
  std::string profile_id;  ///< empty: by type
};

struct Provisioning {
  std::uint32_t concurrency = 0;
  std::uint32_t retries = 0;
  Duration retry_delay{};
};

struct Mqtt {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
  std::string ca_file;
  bool tls_insecure = false;
  std::string engine;         ///< "native" or "paho"
  std::uint32_t workers = 0;  ///< 0: chosen by the run
  int qos = 1;                ///< 0 or 1
  std::string version;        ///< "3.1.1" or "5"
  Duration keep_alive{};
  double connect_rate = 0;  ///< new connections a second, all workers together; 0: no limit
  Duration connect_timeout{};
  std::uint32_t max_inflight = 0;  ///< unacknowledged messages a device
  bool reconnect = true;
  std::vector<std::string>
      local_addresses;  ///< to connect from, in turn; empty: the system's choice
};

/// Some bursts in a row that only the first devices take part in.
struct Stage {
  std::uint32_t devices = 0;
  Duration duration{};
};

struct Burst {
  Duration interval{};
  Duration lead_time{};  ///< from ready to the first due time
  std::optional<Duration> duration;
  std::optional<std::uint64_t> bursts;
  std::uint64_t warmup = 0;   ///< bursts at the start that no latency, spread or threshold counts
  std::vector<Stage> stages;  ///< one after the other; empty: everybody in every burst
  Duration ack_drain{};
};

struct Thresholds {
  std::vector<std::string> wanted;  ///< as the user wrote them; room `report` reads them
  bool abort_on_crossed = false;
};

/// What is asked of the server about its own side of a run.
struct Verification {
  bool stored = false;  ///< number the messages, and count afterwards what is stored
  Duration timeout{};   ///< for the counting
  std::uint32_t probe_devices = 0;
  std::string prometheus_url;  ///< empty: none
  bool preflight = true;       ///< --no-preflight
};

struct Output {
  bool json = false;
  Duration metrics_write{};
  Duration console{};
};

struct Dashboard {
  std::string host{};
  std::string password{};  ///< a secret; empty: none is wanted
  std::uint16_t port = 0;  ///< 0: a free one, printed
  Duration refresh{};
};

/// Where everything lives that is written at run time.
struct Data {
  std::filesystem::path dir;

  [[nodiscard]] std::filesystem::path tokens() const { return dir / "tokens.json"; }
  [[nodiscard]] std::filesystem::path devices() const { return dir / "devices.csv"; }
  [[nodiscard]] std::filesystem::path metrics() const { return dir / "metrics.json"; }
  [[nodiscard]] std::filesystem::path stop_flag() const { return dir / "stop.flag"; }
  [[nodiscard]] std::filesystem::path run_lock() const { return dir / "run.lock"; }
  [[nodiscard]] std::filesystem::path runs() const { return dir / "runs"; }
};

struct Stopping {
  bool wait = true;    ///< --no-wait
  Duration timeout{};  ///< --timeout
};

struct Deleting {
  bool yes = false;      ///< --yes
  bool dry_run = false;  ///< --dry-run
};

struct Reporting {
  std::string run;                   ///< a run's id or folder; empty: the latest
  std::string other;                 ///< with --compare: the run that is judged by the first
  std::vector<std::string> formats;  ///< --format
  std::filesystem::path out;         ///< --out; empty: the run's folder
  bool list = false;                 ///< --list
  bool compare = false;              ///< --compare
};

struct Sandbox {
  std::string host;             ///< --host
  std::uint16_t port = 0;       ///< --port, 0: a free one
  std::uint16_t mqtt_port = 0;  ///< --mqtt-port, 0: a free one
  std::filesystem::path env_out;
};

struct Settings {
  ThingsBoard thingsboard;
  Fleet fleet;
  Provisioning provisioning;
  Mqtt mqtt;
  Burst burst;
  Thresholds thresholds;
  Verification verification;
  Output output;
  Dashboard dashboard;
  Data data;
  Stopping stopping;
  Deleting deleting;
  Reporting reporting;
  Sandbox sandbox;
  /// Every key the program takes with the text that counts, defaults too, secrets excepted: what a
  /// run's archive says it was asked for.
  std::vector<std::pair<std::string, std::string>> listed;
};

}  // namespace stresskit::config
