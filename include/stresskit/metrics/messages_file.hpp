#pragma once

#include "stresskit/metrics/figures.hpp"
#include "stresskit/support/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stresskit::metrics {

/// How `messages.bin` holds what became of each message, 2 bits a device and burst; docs/formats.md
/// has it byte by byte. After the header comes a record for each settled burst, all of one size.
///
/// Pure: the files are read and written by others.
class MessagesFile {
 public:
  static constexpr std::size_t header_size = 12;
  static constexpr std::size_t k_size = 8;  ///< a record begins with the number of its burst

  explicit MessagesFile(std::size_t devices) : devices_(devices) {}

  /// As the first bytes of a file say; an error in words that go on after the file's name.
  [[nodiscard]] static support::Result<MessagesFile> begins_with(std::string_view bytes);

  [[nodiscard]] std::size_t devices() const { return devices_; }
  [[nodiscard]] std::size_t record_size() const { return k_size + (devices_ + 3) / 4; }

  [[nodiscard]] std::string header() const;
  /// REQUIRES: an outcome for each device.
  [[nodiscard]] std::string record(std::uint64_t k, std::span<const Outcome> outcomes) const;

  /// REQUIRES: the `k_size` bytes that a record begins with, at least.
  [[nodiscard]] static std::uint64_t k_of(std::string_view record);
  /// Where in a record the device's outcome is.
  [[nodiscard]] static std::size_t byte_of(std::size_t device) { return k_size + device / 4; }
  /// REQUIRES: `byte` stands at byte_of(device).
  [[nodiscard]] static Outcome outcome(char byte, std::size_t device);

 private:
  std::size_t devices_;
};

}  // namespace stresskit::metrics
