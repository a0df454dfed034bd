// What a client may send to the sandbox's MQTT transport: the decoder takes a prefix or says why
// not, and a payload it calls good has JSON in it.
#include "fuzz/fuzz.hpp"
#include "sandbox/mqtt_decode.hpp"
#include "sandbox/mqtt_payload.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stresskit::sandbox;
  using stresskit::fuzz::require;
  stresskit::fuzz::Input input(data, size);
  const auto version = input.number() % 2 == 0 ? MqttVersion::v3_1_1 : MqttVersion::v5;
  const std::string_view bytes = input.rest();

  const Decoded decoded = decode_packet(bytes, version);
  if (decoded.status == Decoded::Status::packet) {
    require(decoded.consumed > 0 && decoded.consumed <= bytes.size(), "a packet is a prefix");
    const Decoded again = decode_packet(bytes.substr(0, decoded.consumed), version);
    require(again.status == Decoded::Status::packet && again.consumed == decoded.consumed,
            "what follows changes nothing");
  }
  for (const auto& checked : {check_telemetry(bytes), check_attributes(bytes)}) {
    require(checked.verdict != CheckedPayload::Verdict::good || !checked.json.empty(),
            "a good payload has JSON");
  }
  static_cast<void>(rpc_method(bytes));
  return 0;
}
