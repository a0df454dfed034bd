#pragma once

#include "stresskit/metrics/server_side.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/client.hpp"
#include "stresskit/thingsboard/prometheus.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace stresskit::verification {

/// Asks the server for what it says of itself: usage counters, queue statistics, for a system
/// administrator its machine, and its Prometheus endpoint. A source that this account may not see,
/// or that the server does not know, is asked once. Each kind of failure is warned about once, but
/// for what the account's role does not allow and what passes.
///
/// Threads: none; the observer's thread owns it.
class ServerFigures {
 public:
  using Take = std::function<void(const metrics::ServerRow&)>;

  /// Every answer goes to `take`.
  ServerFigures(Take take, support::Clock& clock);

  /// `client`: null without a log-in; `prometheus`: null without an endpoint.
  void read(thingsboard::Client* client, thingsboard::Prometheus* prometheus);

 private:
  template <class Read, class Write>
  void ask(const char* source, Read read, Write write);
  void read_as_account(thingsboard::Client& client);
  void note_failure(const char* source, const thingsboard::ApiError& error);
  void give(const char* source, double lag_s, std::map<std::string, double> figures);
  void take_queues(const std::vector<thingsboard::QueueStats>& queues);
  void take_live(const thingsboard::ServerCounters& counters);

  const Take take_;
  support::Clock& clock_;
  std::set<std::string> closed_;                    ///< sources that are not ours to see
  std::set<thingsboard::ErrorKind> told_;           ///< what was warned about
  std::map<std::string, std::int64_t> known_rows_;  ///< by queue: the time of its last row
  bool queues_seen_ = false;  ///< what a first look finds was written before the run
};

}  // namespace stresskit::verification
