#pragma once

#include "stresskit/metrics/growing_file.hpp"
#include "stresskit/verification/accounting.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace stresskit::verification {

/// How far the verification of one device came.
enum class Progress : std::uint8_t {
  pending,
  settled,  ///< everything acknowledged is stored, and nothing else
  differs,  ///< its account says in what
  deleted,
  unread,  ///< it could not be read
};

/// `verification.ndjson`: a row for each device that is done, written at once.
///
/// Threads: `add` may be called by several.
class DeviceRows {
 public:
  /// Rows that an interrupted verification left stay, others are forgotten.
  DeviceRows(const std::filesystem::path& folder, std::size_t devices);

  /// The devices that need no second look: settled when an earlier verification was interrupted.
  [[nodiscard]] const std::vector<bool>& settled_before() const { return settled_; }

  /// A row that cannot be written is warned about; it costs a second look, no more.
  void add(std::size_t device, const std::string& name, Progress progress, const Account& account);

  /// Whether every row was written. While nobody adds.
  [[nodiscard]] bool intact() const { return file_.intact(); }

 private:
  std::mutex mutex_;
  // guarded by mutex_
  metrics::GrowingFile file_;

  std::vector<bool> settled_;
};

}  // namespace stresskit::verification
