#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/thingsboard/error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

namespace stresskit::thingsboard {

/// What ThingsBoard's Prometheus endpoint says about the way of a message, as totals since the
/// server's start; what it does not show is missing.
struct ServerCounters {
  std::optional<double> queued;        ///< messages handed to the rule-engine queue
  std::optional<double> unanswered;    ///< of those, not confirmed by the queue: PUBACKs that wait
  std::optional<double> processed;     ///< taken from the queue "Main" by the rule engine
  std::optional<double> timed_out;     ///< of those
  std::optional<double> failed;        ///< of those
  std::optional<double> rows_waiting;  ///< handed to the database writers and not written yet
  std::optional<double> connections;   ///< open MQTT connections
  std::optional<double> process_cpu;   ///< 0..1
  std::optional<double> heap_bytes;
};

/// Reads the Prometheus text format; nothing when it is none (a server without the endpoint answers
/// its web page). Pure.
[[nodiscard]] std::optional<ServerCounters> read_prometheus(std::string_view text);

/// One kept-alive connection to a Prometheus endpoint, without authentication.
///
/// Threads: one at a time.
class Prometheus {
 public:
  /// `server`: its url is the endpoint's; time-out and TLS are taken from it as well.
  Prometheus(const config::ThingsBoard& server, std::stop_token stop);
  ~Prometheus();

  [[nodiscard]] Answer<ServerCounters> read();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stresskit::thingsboard
