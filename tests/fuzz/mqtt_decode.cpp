// What a server sends means the same, however the network cuts it.
// Input: one byte for the version, one for the sizes of the cuts, then the server's bytes.
#include "fuzz/fuzz.hpp"

#include "stresskit/mqtt/protocol/decode.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace stresskit::mqtt::protocol {
namespace {

using fuzz::lies_in;
using fuzz::require;

std::string text(std::string_view bytes) {
  return std::to_string(bytes.size()) + ":" + std::string(bytes) + " ";
}

std::string text(std::uint64_t number) {
  return std::to_string(number) + " ";
}

std::string fields(const Incomplete&, std::string_view) {
  return "";
}
std::string fields(const Malformed& packet, std::string_view) {
  return packet.what;
}
std::string fields(const Connack& packet, std::string_view whole) {
  require(lies_in(packet.assigned_client_id, whole) && lies_in(packet.reason, whole),
          "CONNACK points into its bytes");
  return text(packet.session_present) + text(packet.code) + text(packet.receive_maximum) +
         text(packet.maximum_qos) + text(packet.server_keep_alive.value_or(0)) +
         text(packet.maximum_packet_size) + text(packet.assigned_client_id) + text(packet.reason);
}
std::string fields(const Publish& packet, std::string_view whole) {
  require(lies_in(packet.topic, whole) && lies_in(packet.payload, whole),
          "PUBLISH points into its bytes");
  return text(packet.topic) + text(packet.payload) + text(packet.id);
}
std::string fields(const Puback& packet, std::string_view whole) {
  require(lies_in(packet.reason, whole), "PUBACK points into its bytes");
  require(packet.id != 0, "a PUBACK has an id");
  return text(packet.id) + text(packet.code) + text(packet.reason);
}
std::string fields(const Suback& packet, std::string_view whole) {
  require(lies_in(packet.codes, whole) && lies_in(packet.reason, whole),
          "SUBACK points into its bytes");
  return text(packet.id) + text(packet.codes) + text(packet.reason);
}
std::string fields(const Pingresp&, std::string_view) {
  return "";
}
std::string fields(const Disconnect& packet, std::string_view whole) {
  require(lies_in(packet.reason, whole), "DISCONNECT points into its bytes");
  return text(packet.code) + text(packet.reason);
}

/// The packets of a stream that comes in parts, in words.
class Reader {
 public:
  explicit Reader(Version version) : version_(version) {}

  void take(std::string_view part) {
    waiting_ += part;
    std::string_view bytes = waiting_;
    while (!broken_) {
      const Decoded decoded = decode(version_, bytes);
      const bool incomplete = std::holds_alternative<Incomplete>(decoded.packet);
      broken_ = std::holds_alternative<Malformed>(decoded.packet);
      require((decoded.size == 0) == (incomplete || broken_), "only whole packets take bytes");
      require(decoded.size <= bytes.size(), "no packet is larger than what came");
      if (incomplete) {
        break;
      }
      packets.push_back(text(decoded.packet.index()) +
                        std::visit([bytes](const auto& packet) { return fields(packet, bytes); },
                                   decoded.packet));
      bytes.remove_prefix(decoded.size);
    }
    waiting_ = std::string(bytes);
  }

  std::vector<std::string> packets;

 private:
  Version version_;
  std::string waiting_;
  bool broken_ = false;
};

std::vector<std::string> read_in_parts(Version version, std::string_view bytes,
                                       std::size_t largest_part, std::uint32_t seed) {
  Reader reader(version);
  std::minstd_rand random(seed);
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), random() % largest_part + 1);
    reader.take(bytes.substr(0, part));
    bytes.remove_prefix(part);
  }
  return reader.packets;
}

void read(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const Version version = input.number() % 2 == 0 ? Version::v3_1_1 : Version::v5;
  const std::uint8_t seed = input.number();
  const std::string_view bytes = input.rest();
  Reader whole(version);
  whole.take(bytes);
  for (const unsigned largest_part : {1U, 2U, 7U, 300U}) {
    require(read_in_parts(version, bytes, largest_part, seed) == whole.packets,
            "packets do not depend on how the network cuts them");
  }
}

}  // namespace
}  // namespace stresskit::mqtt::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  stresskit::mqtt::protocol::read(data, size);
  return 0;
}
