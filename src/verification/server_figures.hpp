#pragma once

#include "stresskit/support/clock.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/thingsboard/client.hpp"
#include "stresskit/thingsboard/prometheus.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace stresskit::verification {

/// What the server says about itself, as rows of `server.ndjson`: usage counters, queue statistics,
/// for a system administrator its machine, and its Prometheus endpoint. A source that this account
/// may not see, or that the server does not know, is asked once.
///
/// Threads: none; the observer's thread owns it.
class ServerFigures {
 public:
  explicit ServerFigures(const std::filesystem::path& folder);

  /// `prometheus`: null without an endpoint.
  void read(thingsboard::Client& client, thingsboard::Prometheus* prometheus,
            support::Clock& clock);

 private:
  template <class Read, class Write>
  void ask(const char* source, support::Clock& clock, Read read, Write write);
  void read_queues(thingsboard::Client& client, support::Clock& clock);

  std::optional<support::AppendFile> file_;
  std::map<std::string, bool> closed_;              ///< by source: not ours to see
  std::map<std::string, std::int64_t> known_rows_;  ///< by queue: the time of its last row
};

}  // namespace stresskit::verification
