#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// One combination to be measured.
struct Scenario {
  std::uint32_t devices = 0;
  bool tls = false;
  std::uint32_t bursts = 0;
  double interval = 1;  ///< seconds
};

/// What one client did, once, as it says itself and as the sink saw it.
struct Trial {
  // The sink's words.
  std::vector<double> sink_spread_ms;  ///< of every burst that arrived whole
  double messages_a_second = 0;        ///< from the first arrival to the last
  // The client's words.
  std::vector<double> own_spread_ms;
  std::vector<double> lateness_ms;
  std::vector<double> burst_ack_p99_ms;
  double ack_p50_ms = 0;
  double ack_p99_ms = 0;
  std::uint64_t sent = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t skipped = 0;
  double cpu_us_a_message = 0;         ///< of the whole process
  double worker_cpu_us_a_message = 0;  ///< without the thread that collects and writes files
  double cpu_seconds = 0;              ///< of the whole process, for all messages
  double bytes_a_device = 0;
  double megabytes = 0;
  double descriptors_a_device = 0;
  double connect_ms = 0;
};

/// Starts a sink of its own, lets one client run against it, ends both.
/// Throws std::runtime_error when one of them fails.
[[nodiscard]] Trial run_trial(const std::string& engine, const Scenario& scenario);

/// How far the latency a client reports is from what the sink knows, when the sink reads nothing
/// for three seconds in the middle of the run.
struct FreezeTrial {
  double reported_p99_ms = 0;  ///< due to PUBACK, by the client
  double true_p99_ms = 0;      ///< due to the answer's leaving, by the sink
};
[[nodiscard]] FreezeTrial run_freeze_trial(const std::string& engine);

}  // namespace bench
