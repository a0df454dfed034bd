#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// What a client is asked to do.
struct ClientOptions {
  std::string engine;  ///< "raw", or an engine of the kit
  std::uint16_t port = 0;
  std::uint32_t devices = 0;
  std::uint32_t bursts = 0;
  double interval = 1;  ///< seconds
  std::string ca_file;  ///< not empty: TLS, and whom to trust
};

/// How a client saw its own run.
struct ClientFigures {
  double connect_ms = 0;                 ///< from the first attempt until all were accepted
  std::vector<double> due_ns;            ///< of every burst, CLOCK_MONOTONIC
  std::vector<double> spread_ms;         ///< of every burst, first to last write
  std::vector<double> lateness_ms;       ///< of every burst, due to first write
  std::vector<double> burst_ack_p99_ms;  ///< of every burst, from due
  double ack_p50_ms = 0;                 ///< from due
  double ack_p99_ms = 0;
  std::uint64_t sent = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t skipped = 0;
  double cpu_seconds = 0;         ///< of the process, from ready to the last answer
  double worker_cpu_seconds = 0;  ///< of it, without the thread that collects and writes files
  double memory_bytes = 0;        ///< anonymous, above what the process had before
  std::uint64_t descriptors = 0;  ///< open before the goodbye, in the whole process
};

[[nodiscard]] std::string to_json(const ClientFigures& figures);

/// The client that does nothing but sockets: the physical limit to compare with.
[[nodiscard]] ClientFigures run_raw(const ClientOptions& options);

/// The kit's own run, files included, as `run_telemetry` carries it out.
[[nodiscard]] ClientFigures run_kit(const ClientOptions& options);

}  // namespace bench
