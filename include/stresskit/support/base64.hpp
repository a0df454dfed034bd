#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stresskit::support {

/// The bytes that a Base64 text stands for (RFC 4648): either alphabet, that of section 4 or the
/// "base64url" of section 5, with or without padding. Nothing when it holds any other character.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace stresskit::support
