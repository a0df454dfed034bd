#pragma once

#include "stresskit/support/result.hpp"

#include <string>

namespace stresskit::config {

/// The first line of the open file `descriptor`, without its end; what follows stays unread. A
/// sentence when it is a terminal, which would show what is typed, when nothing comes for a minute,
/// and when the line has no end within 4,096 bytes.
[[nodiscard]] support::Result<std::string> read_password(int descriptor);

}  // namespace stresskit::config
