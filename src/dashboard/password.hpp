#pragma once

#include <string_view>

namespace stresskit::dashboard {

/// Whether `authorization`, the header of a request, is HTTP Basic (RFC 7617) with this password,
/// under whatever user name. How long it takes tells nothing about where the two differ.
[[nodiscard]] bool holds_password(std::string_view authorization, std::string_view password);

}  // namespace stresskit::dashboard
