#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace stresskit::support {

/// Log lines go to standard error ("12:30:05 warning: ..."); results go to standard output and are
/// none of this file's business. Nothing secret is ever handed to these functions.
///
/// Threads: any thread may log.
void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  log_info(fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  log_warning(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace stresskit::support
