#pragma once

#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/client.hpp"
#include "stresskit/thingsboard/retry.hpp"
#include "stresskit/verification/run_deeds.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace stresskit::verification {

/// Reads back over REST what is stored of a run, a device at a time; passing failures are tried
/// again, and an answer 429 holds all readers that share `mood`.
///
/// Threads: make one for each.
class StoredReader {
 public:
  StoredReader(const RunDeeds& deeds, thingsboard::Session& session, thingsboard::ServerMood& mood,
               support::Clock& clock, const std::stop_token& stop);

  /// Whether we may come in at all; the answer carries the server's time.
  [[nodiscard]] thingsboard::Answer<thingsboard::User> who_am_i();
  /// The server's clock minus ours, in seconds; nothing before an answer.
  [[nodiscard]] std::optional<double> server_clock_ahead_s() const;

  /// How many messages of the device are stored.
  [[nodiscard]] thingsboard::Answer<std::uint64_t> count(std::size_t device);
  /// The numbers of all that are, page by page; points that hold no number are left out.
  [[nodiscard]] thingsboard::Answer<std::vector<std::uint64_t>> numbers(std::size_t device);

 private:
  [[nodiscard]] thingsboard::Answer<std::string> id_of(std::size_t device);

  const RunDeeds& deeds_;
  const thingsboard::TimeRange range_;
  support::Clock& clock_;
  thingsboard::Client client_;
  thingsboard::Retry retry_;
};

}  // namespace stresskit::verification
