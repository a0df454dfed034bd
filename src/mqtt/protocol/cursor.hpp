#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stresskit::mqtt::protocol {

/// Whether `text` may stand in an MQTT string: well-formed UTF-8 without U+0000
/// (MQTT 3.1.1 section 1.5.3, MQTT 5 section 1.5.4).
[[nodiscard]] bool valid_text(std::string_view text);

/// Reads MQTT's data types (MQTT 5 section 1.5) from the front of some bytes. A read beyond the
/// end, or of a bad value, gives zero and makes `ok()` false for good: check once at the end.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  /// All that is left.
  [[nodiscard]] std::string_view rest() const { return rest_; }
  void fail() { ok_ = false; }

  std::string_view bytes(std::size_t size);
  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  /// One to four bytes of seven bits.
  std::uint32_t variable();
  /// Two bytes of length, then bytes.
  std::string_view binary() { return bytes(u16()); }
  /// The same, and it must be text.
  std::string_view text();

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace stresskit::mqtt::protocol
