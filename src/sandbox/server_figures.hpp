#pragma once

#include "stresskit/support/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

namespace stresskit::sandbox {

/// Running totals, as GET /api/usage and the entity API_USAGE_STATE show them.
struct UsageFigures {
  std::uint64_t transport_messages = 0;
  std::uint64_t transport_points = 0;
  std::uint64_t storage_points = 0;  ///< each as often as it has whole days to live, at least once
};

/// One row of the entity QUEUE_STATS: the messages processed since the row before.
struct QueueRow {
  std::int64_t ts = 0;
  std::uint64_t successful = 0;
  std::uint64_t failed = 0;     ///< lost in the rule engine
  std::uint64_t timed_out = 0;  ///< stored, but not within the pack's 2 s

  [[nodiscard]] std::uint64_t total() const { return successful + failed + timed_out; }
};

/// The same as they are now, since the start.
struct LiveFigures {
  std::uint64_t accepted = 0;     ///< messages
  std::uint64_t stored_rows = 0;  ///< each once
  QueueRow processed;
};

/// What the server counts of itself. As on the platform nobody sees a count before the report of
/// its period: usage is the total of all reports, the queue has a row a report, and none of a
/// period without messages.
///
/// Threads: every method may be called from any thread.
class ServerFigures {
 public:
  static constexpr std::chrono::milliseconds default_period{60'000};

  /// The clock is lent for the life of the object.
  explicit ServerFigures(const support::Clock& clock);

  /// The next report comes a whole period from now.
  void set_period(std::chrono::milliseconds period);

  /// What nobody on the platform sees but its Prometheus endpoint.
  [[nodiscard]] LiveFigures live() const;

  /// A message that was acknowledged.
  void accepted(std::size_t points);
  /// Rows saved, `waited` after their message was acknowledged, each to live for so many days.
  void stored(std::size_t points, std::size_t days, support::Mono::duration waited);
  /// A message that the rule engine gave up.
  void failed();

  [[nodiscard]] UsageFigures usage() const;
  /// The newest row.
  [[nodiscard]] std::optional<QueueRow> queue() const;
  /// When the queue's entity was made, which is with its first message; milliseconds since 1970.
  [[nodiscard]] std::optional<std::int64_t> queue_created() const;

 private:
  void report_if_due() const;

  const support::Clock& clock_;

  mutable std::mutex mutex_;
  // guarded by mutex_; reports are made by whoever comes first after their time
  mutable support::Mono::time_point next_report_;
  mutable UsageFigures reported_;
  mutable QueueRow counting_;
  mutable std::optional<QueueRow> row_;
  std::chrono::milliseconds period_ = default_period;
  UsageFigures counted_;
  LiveFigures live_;
  std::optional<std::int64_t> queue_created_;
};

}  // namespace stresskit::sandbox
