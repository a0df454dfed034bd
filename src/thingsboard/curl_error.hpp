#pragma once

#include "stresskit/thingsboard/error.hpp"

#include <curl/curl.h>

namespace stresskit::thingsboard {

/// libcurl's code in our words; the only place that knows both. `os_error` is the errno of the
/// failed connect (CURLINFO_OS_ERRNO).
[[nodiscard]] ErrorKind kind_of(CURLcode code, int os_error);

}  // namespace stresskit::thingsboard
