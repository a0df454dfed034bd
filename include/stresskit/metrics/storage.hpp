#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::metrics {

/// Two clocks that are no further apart agree: the header Date of an answer has whole seconds, and
/// the answer took its time.
inline constexpr double clocks_agree_within_s = 5;

/// A message that was acknowledged and is not stored.
struct MissingMessage {
  std::uint64_t device = 0;  ///< its index in the fleet
  std::string name;
  std::uint64_t k = 0;
  double due = 0;  ///< unix seconds
};

/// What the server has stored of a run, read back over REST. These add up:
///
///     acknowledged                  = acknowledged and stored + missing_acknowledged + unverified
///     stored                        = acknowledged and stored + stored_unacknowledged
///
/// With QoS 0 "acknowledged" reads "sent".
struct Storage {
  enum class State {
    off,         ///< nobody asked
    running,     ///< the counting goes on
    complete,    ///< every device was read, or is gone
    incomplete,  ///< `trouble` says why
  };

  State state = State::off;
  std::string trouble;
  std::uint64_t acknowledged = 0;  ///< of the bursts whose messages are known
  std::uint64_t stored = 0;
  std::uint64_t missing_acknowledged = 0;   ///< the server lost them
  std::uint64_t stored_unacknowledged = 0;  ///< stored, though no acknowledgement came
  std::uint64_t unverified = 0;             ///< acknowledged, of devices that could not be read
  std::uint64_t unexpected = 0;             ///< stored, though never sent: not in `stored`
  std::uint64_t devices_verified = 0;
  std::uint64_t devices_deleted = 0;  ///< they do not exist any more, nor does what they stored
  std::uint64_t devices_unread = 0;
  std::uint64_t rate_limited = 0;  ///< answers 429
  double took_s = 0;
  /// How long after the last burst was due the counts stood still; an upper bound, for nobody
  /// looked before. Nothing when they still grew, or when the first look came much later.
  std::optional<double> settled_s;
  /// The server's clock minus ours; see clocks_agree_within_s.
  std::optional<double> server_clock_ahead_s;
  std::vector<MissingMessage> missing;        ///< the first 100, by device and burst
  std::optional<std::uint64_t> missing_from;  ///< the first burst of all that are missing
  std::string hint;                           ///< what the missing ones have in common, if anything
  /// Whether `verification.ndjson` could be written. Only the process that counted knows: no file
  /// says it.
  bool rows_written = true;
};

}  // namespace stresskit::metrics
