#pragma once

#include "stresskit/provision/outcome.hpp"
#include "stresskit/thingsboard/error.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::provision {

/// How a command over many devices goes: who is next, what failed, and whether going on makes
/// sense. It does not once the session is refused, the quota is used up, or the server has failed
/// so many devices in a row that it must be gone: else a dead server would cost every device its
/// retries.
///
/// Threads: all methods may be called by all workers.
class JobList {
 public:
  JobList(std::size_t count, std::size_t workers);

  /// The position of the next job, or nothing when there is none or it ended early.
  [[nodiscard]] std::optional<std::size_t> next();

  void succeeded();
  void failed(std::string name, const thingsboard::ApiError& error);
  void failed(std::string name, std::string problem);
  /// Nothing more is begun; the first reason counts.
  void end(std::string reason, bool log_in_failure = false);

  [[nodiscard]] std::uint32_t done() const;
  [[nodiscard]] std::vector<Failed> failures() const;  ///< ordered by number
  [[nodiscard]] std::string ended_early() const;
  [[nodiscard]] bool log_in_failed() const;

 private:
  void end_locked(std::string reason, bool log_in_failure);

  const std::size_t count_;
  const std::size_t most_in_a_row_;

  mutable std::mutex mutex_;
  // State below is guarded by mutex_.
  std::size_t next_ = 0;
  std::uint32_t done_ = 0;
  std::size_t in_a_row_ = 0;  ///< failures for a passing reason without a success in between
  std::vector<Failed> failures_;
  bool ended_ = false;
  bool log_in_failed_ = false;
  std::string ended_early_;
};

}  // namespace stresskit::provision
