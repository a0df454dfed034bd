#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stresskit::sandbox {

/// Whether `text` is UTF-8 as MQTT wants its strings: well-formed, no surrogates, no U+0000.
[[nodiscard]] bool is_mqtt_text(std::string_view text);

/// Reads the fields of one packet in order. After a field that is not there or against the rules
/// everything reads as empty and `good` is false, so that a parser checks once, at its end.
class MqttReader {
 public:
  explicit MqttReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  void fail() {
    good_ = false;
    rest_ = {};
  }

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint32_t variable_int();  ///< 1 to 4 bytes, 7 bits each
  std::string_view binary();     ///< 2 bytes length, any bytes
  std::string_view text();       ///< 2 bytes length, UTF-8
  std::uint16_t packet_id();     ///< never 0
  std::string_view bytes(std::size_t count);
  std::string_view rest();  ///< all that is left

 private:
  std::string_view rest_;
  bool good_ = true;
};

/// Where a list of MQTT 5 properties stands; each place allows its own (MQTT 5.0, table 2-4).
enum class PropertyPlace : std::uint32_t {
  connect = 1,
  will = 2,
  publish = 4,
  acknowledge = 8,
  subscribe = 16,
  unsubscribe = 32,
  disconnect = 64,
  auth = 128,
};

/// Reads over a property list, its length in front. Fails on a property that may not stand there.
void skip_properties(MqttReader& reader, PropertyPlace place);

}  // namespace stresskit::sandbox
