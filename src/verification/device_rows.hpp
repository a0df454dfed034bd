#pragma once

#include "stresskit/support/files.hpp"
#include "stresskit/verification/accounting.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
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

  void add(std::size_t device, const std::string& name, Progress progress, const Account& account);

 private:
  std::mutex mutex_;
  std::optional<support::AppendFile> file_;
  std::vector<bool> settled_;
};

}  // namespace stresskit::verification
