#pragma once

#include <fmt/format.h>

#include <functional>
#include <string_view>
#include <utility>

namespace stresskit::support {

/// Log lines go to standard error ("12:30:05 warning: ..."); results go to standard output and are
/// none of this file's business. Nothing secret is ever handed to these functions.
///
/// Threads: any thread may log.
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

/// Calls `call` before each line, so that what stands on the terminal can make room; nothing: no
/// more. The call must not log.
void before_log_lines(std::function<void()> call);

template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  log_info(fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  log_warning(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace stresskit::support
