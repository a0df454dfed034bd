#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stresskit::sandbox {

/// What a topic means to the platform. Matching is exact and case-sensitive.
struct Topic {
  enum class Kind {
    telemetry,
    attributes,
    attribute_request,  ///< answered on `response`
    rpc_request,        ///< a call from the device to the platform, answered on `response`
    rpc_response,       ///< a device's answer to a call
    claim,
    protobuf,  ///< the short topics for protobuf payloads, which no sandbox device has
    gateway,   ///< everything that begins with v1/gateway
    unknown,
  };
  Kind kind = Kind::unknown;
  std::string response;  ///< topic of the answer, request id included
};

/// Topics a device may publish to: the long v1 names and the short v2 ones.
[[nodiscard]] Topic classify_topic(std::string_view topic);

/// Whether a device may subscribe to `filter`: the platform knows a fixed list and matches it as
/// text.
[[nodiscard]] bool can_subscribe(std::string_view filter);

/// Whether subscribing to `filter` asks the platform's core for something, and so costs a message
/// of the rate limits (attribute updates, RPC requests).
[[nodiscard]] bool subscription_reaches_core(std::string_view filter);

}  // namespace stresskit::sandbox
