#pragma once

#include "stresskit/support/result.hpp"

#include <string>
#include <string_view>

namespace stresskit::config {

// What may stand in a value, one rule a function. Pure text: nothing is resolved or opened.
// An error continues a sentence that begins with the key ("must be ...") and quotes the value
// only where it cannot hold a secret.

/// The value between quotes for an error message: shortened, control characters as escapes.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// Valid UTF-8 without control characters; anything else breaks JSON, logs or terminals.
[[nodiscard]] support::Result<void> check_text(std::string_view text);

/// http(s)://host[:port][/path] without user info, query and fragment; returned without the slashes
/// at its end.
[[nodiscard]] support::Result<std::string> check_url(std::string_view text);

/// A host name or an address; an IPv6 one is returned without its brackets.
[[nodiscard]] support::Result<std::string> check_host(std::string_view text);

/// Whether device names can be made of this prefix: 1 to 200 bytes of UTF-8 (a device name may
/// have 255 characters); no blanks, control characters or signs that REST paging, CSV, shells or
/// file names would trip over. Letters of any language are welcome.
[[nodiscard]] support::Result<void> check_prefix(std::string_view text);

/// 8-4-4-4-12 hex digits, as ThingsBoard writes its ids.
[[nodiscard]] support::Result<void> check_uuid(std::string_view text);

}  // namespace stresskit::config
