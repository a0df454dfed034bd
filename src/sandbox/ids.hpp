#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <string_view>

namespace stresskit::sandbox {

/// "No customer", as the platform writes it.
inline constexpr std::string_view null_uuid = "13814000-1dd2-11b2-8080-808080808080";

[[nodiscard]] bool is_uuid(std::string_view text);

/// Makes ids of the platform's form (time based UUIDs, never the same twice) and random words.
///
/// Threads: any thread.
class Ids {
 public:
  Ids();

  [[nodiscard]] std::string uuid();
  [[nodiscard]] std::string random_uuid();
  /// `length` letters and digits, for access tokens.
  [[nodiscard]] std::string alphanumeric(std::size_t length);
  /// The same in lower case, as UNIQUIFY appends it.
  [[nodiscard]] std::string lower_alphanumeric(std::size_t length);

 private:
  std::string word(std::string_view alphabet, std::size_t length);

  std::mutex mutex_;
  // guarded by mutex_
  std::mt19937_64 random_;
  std::uint64_t last_tick_ = 0;
  std::uint64_t node_;
};

}  // namespace stresskit::sandbox
