#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stresskit::sandbox {

/// What the platform's JSON adaptor makes of the payload of a PUBLISH.
struct CheckedPayload {
  enum class Verdict {
    good,
    nothing,     ///< `[]`: accepted, and never acknowledged because no element ever is
    invalid,     ///< no JSON, empty, or the wrong shape: MQTT 5 reason 0x99
    unexpected,  ///< `ts` that is no number: not foreseen by the platform, reason 0x8B
  };
  Verdict verdict = Verdict::invalid;
  std::size_t data_points = 0;  ///< values that are not null
  std::string json;             ///< of a good payload, strict
};

/// `{"k":1}`, `{"ts":1,"values":{"k":1}}`, or an array of either.
[[nodiscard]] CheckedPayload check_telemetry(std::string_view payload);

/// An object.
[[nodiscard]] CheckedPayload check_attributes(std::string_view payload);

/// The member `method` of an RPC request's object; empty when the payload is not one.
[[nodiscard]] std::string rpc_method(std::string_view payload);

}  // namespace stresskit::sandbox
