#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace stresskit::support {

/// A value, or why there is none. For failures a caller is expected to handle; what ends the
/// program is an `Error` (see error.hpp).
template <class T, class E = std::string>
using Result = tl::expected<T, E>;

/// `return failure("cannot open ...")` in a function that returns a Result.
template <class E>
[[nodiscard]] tl::unexpected<std::decay_t<E>> failure(E&& why) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(why));
}

[[nodiscard]] inline tl::unexpected<std::string> failure(const char* why) {
  return tl::unexpected<std::string>(why);
}

}  // namespace stresskit::support
