#include "sandbox/mqtt_reader.hpp"

#include <algorithm>
#include <array>

namespace stresskit::sandbox {
namespace {

/// How many bytes the UTF-8 sequence at the front of `text` has; 0 when it is not well-formed.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) {
    return first == 0 ? 0 : 1;
  }
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) {
      return 0;
    }
  }
  const std::uint8_t second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_high = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_high ? 0 : length;
}

enum class PropertyType { u8, u16, u32, variable, text, binary, text_pair };

struct Property {
  std::uint8_t id;
  PropertyType type;
  std::uint32_t places;
};

constexpr std::uint32_t at(PropertyPlace place) {
  return static_cast<std::uint32_t>(place);
}

using enum PropertyPlace;

// MQTT 5.0, table 2-4, without those that only a server sends. Topic Alias (0x23) is missing on
// purpose: the transport offers none.
constexpr std::array properties{
    Property{0x01, PropertyType::u8, at(publish) | at(will)},         // payload format
    Property{0x02, PropertyType::u32, at(publish) | at(will)},        // message expiry
    Property{0x03, PropertyType::text, at(publish) | at(will)},       // content type
    Property{0x08, PropertyType::text, at(publish) | at(will)},       // response topic
    Property{0x09, PropertyType::binary, at(publish) | at(will)},     // correlation data
    Property{0x0B, PropertyType::variable, at(subscribe)},            // subscription identifier
    Property{0x11, PropertyType::u32, at(connect) | at(disconnect)},  // session expiry
    Property{0x15, PropertyType::text, at(connect) | at(auth)},       // authentication method
    Property{0x16, PropertyType::binary, at(connect) | at(auth)},     // authentication data
    Property{0x17, PropertyType::u8, at(connect)},                    // request problem info
    Property{0x18, PropertyType::u32, at(will)},                      // will delay
    Property{0x19, PropertyType::u8, at(connect)},                    // request response info
    Property{0x1F, PropertyType::text, at(acknowledge) | at(disconnect) | at(auth)},  // reason
    Property{0x21, PropertyType::u16, at(connect)},  // receive maximum
    Property{0x22, PropertyType::u16, at(connect)},  // topic alias maximum
    Property{0x26, PropertyType::text_pair, ~0U},    // user property
    Property{0x27, PropertyType::u32, at(connect)},  // maximum packet size
};

void skip_value(MqttReader& reader, PropertyType type) {
  switch (type) {
    case PropertyType::u8:
      reader.u8();
      return;
    case PropertyType::u16:
      reader.u16();
      return;
    case PropertyType::u32:
      reader.u32();
      return;
    case PropertyType::variable:
      reader.variable_int();
      return;
    case PropertyType::text:
      reader.text();
      return;
    case PropertyType::binary:
      reader.binary();
      return;
    case PropertyType::text_pair:
      reader.text();
      reader.text();
      return;
  }
}

}  // namespace

bool is_mqtt_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

std::string_view MqttReader::bytes(std::size_t count) {
  if (rest_.size() < count) {
    fail();
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::string_view MqttReader::rest() {
  return bytes(rest_.size());
}

std::uint8_t MqttReader::u8() {
  const std::string_view byte = bytes(1);
  return byte.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(byte.front());
}

std::uint16_t MqttReader::u16() {
  const unsigned high = u8();
  return static_cast<std::uint16_t>(high << 8U | u8());
}

std::uint32_t MqttReader::u32() {
  const std::uint32_t high = u16();
  return high << 16U | u16();
}

std::uint32_t MqttReader::variable_int() {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint32_t byte = u8();
    value |= (byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) {
      return value;
    }
  }
  fail();  // a fifth byte is announced
  return 0;
}

std::string_view MqttReader::binary() {
  return bytes(u16());
}

std::string_view MqttReader::text() {
  const std::string_view value = binary();
  if (!is_mqtt_text(value)) {
    fail();
  }
  return good_ ? value : std::string_view{};
}

std::uint16_t MqttReader::packet_id() {
  const std::uint16_t id = u16();
  if (id == 0) {
    fail();
  }
  return id;
}

void skip_properties(MqttReader& reader, PropertyPlace place) {
  MqttReader list(reader.bytes(reader.variable_int()));
  while (reader.good() && list.good() && !list.at_end()) {
    const std::uint32_t id = list.variable_int();
    const auto known = std::find_if(properties.begin(), properties.end(), [&](const Property& p) {
      return p.id == id && (p.places & at(place)) != 0;
    });
    if (known == properties.end()) {
      list.fail();
    } else {
      skip_value(list, known->type);
    }
  }
  if (!list.good()) {
    reader.fail();
  }
}

}  // namespace stresskit::sandbox
