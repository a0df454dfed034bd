#include "support/mqtt_packet.hpp"

#include <stdexcept>

namespace stresskit::test {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1).front()); }
  std::uint16_t number() {
    const int high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }
  std::string text() { return std::string(take(number())); }
  std::string rest() { return std::string(take(bytes_.size())); }

  void skip_properties() {
    std::size_t length = 0;
    int shift = 0;
    std::uint8_t part = 0;
    do {
      part = byte();
      length |= static_cast<std::size_t>(part & 0x7F) << shift;
      shift += 7;
    } while ((part & 0x80) != 0);
    (void)take(length);
  }

 private:
  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) {
      throw std::out_of_range("MQTT packet ends early");
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }

  std::string_view bytes_;
};

}  // namespace

std::string Packet::topic() const {
  return Reader(body).text();
}

std::uint16_t Packet::id() const {
  Reader reader(body);
  if (type == PacketType::publish) {
    (void)reader.text();
  }
  return reader.number();
}

std::string Packet::payload() const {
  Reader reader(body);
  (void)reader.text();
  if (qos() > 0) {
    (void)reader.number();
  }
  if (level == 5) {
    reader.skip_properties();
  }
  return reader.rest();
}

ConnectFields read_connect(const Packet& packet) {
  Reader reader(packet.body);
  ConnectFields fields;
  fields.protocol = reader.text();
  fields.level = reader.byte();
  fields.flags = reader.byte();
  fields.keep_alive = reader.number();
  if (fields.level == 5) {
    reader.skip_properties();
  }
  fields.client_id = reader.text();
  if ((fields.flags & 0x80) != 0) {
    fields.user_name = reader.text();
  }
  if ((fields.flags & 0x40) != 0) {
    fields.password = reader.text();
  }
  return fields;
}

std::string make_packet(PacketType type, std::string_view body, std::uint8_t flags) {
  std::string packet(1, static_cast<char>(static_cast<int>(type) << 4 | flags));
  std::size_t length = body.size();
  do {
    const std::size_t more = length > 127 ? 0x80U : 0U;
    packet += static_cast<char>((length & 0x7FU) | more);
    length >>= 7;
  } while (length > 0);
  packet += body;
  return packet;
}

std::string big_endian(std::uint16_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
}

std::string prefixed(std::string_view text) {
  return big_endian(static_cast<std::uint16_t>(text.size())) + std::string(text);
}

}  // namespace stresskit::test
