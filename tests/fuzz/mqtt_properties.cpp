// Properties of MQTT 5 say themselves where they end, and what follows them changes nothing.
// Input: one byte for the packet they stand in, then the bytes.
#include "fuzz/fuzz.hpp"
#include "mqtt/protocol/properties.hpp"

#include <tuple>

namespace stresskit::mqtt::protocol {
namespace {

using fuzz::lies_in;
using fuzz::require;

auto fields(const Properties& properties) {
  return std::tuple(properties.receive_maximum, properties.server_keep_alive,
                    properties.maximum_packet_size, properties.maximum_qos, properties.topic_alias,
                    properties.assigned_client_id, properties.reason);
}

void read(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  constexpr PropertyOwner owners[] = {in_connack, in_publish, in_puback, in_suback, in_disconnect};
  const PropertyOwner owner = owners[input.number() % std::size(owners)];
  const std::string_view bytes = input.rest();

  Cursor cursor(bytes);
  const Properties properties = read_properties(cursor, owner);
  require(lies_in(properties.assigned_client_id, bytes) && lies_in(properties.reason, bytes),
          "properties point into their bytes");
  if (!cursor.ok()) {
    return;
  }
  require(valid_text(properties.assigned_client_id) && valid_text(properties.reason),
          "text is valid UTF-8");
  require(properties.receive_maximum.value_or(1) != 0, "a receive maximum of 0 is an error");
  require(properties.maximum_packet_size.value_or(1) != 0, "a packet size of 0 is an error");
  require(properties.maximum_qos.value_or(0) <= 1, "a maximum QoS above 1 is an error");

  const std::size_t used = bytes.size() - cursor.rest().size();
  Cursor exact(bytes.substr(0, used));
  require(
      fields(read_properties(exact, owner)) == fields(properties) && exact.ok() && exact.empty(),
      "what follows changes nothing");
  if (used > 0) {
    Cursor shorter(bytes.substr(0, used - 1));
    static_cast<void>(read_properties(shorter, owner));
    require(!shorter.ok(), "properties that lack a byte are an error");
  }
}

}  // namespace
}  // namespace stresskit::mqtt::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  stresskit::mqtt::protocol::read(data, size);
  return 0;
}
