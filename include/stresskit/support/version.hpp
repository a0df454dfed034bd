#pragma once

#include <string_view>

namespace stresskit::support {

/// "0.1.0": the version of the whole kit.
[[nodiscard]] std::string_view version();

}  // namespace stresskit::support
