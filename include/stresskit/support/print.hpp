#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <utility>

namespace stresskit::support {

/// Writes what it can. An output that takes nothing (a full disk, a closed pipe) throws nothing, so
/// that what is under way goes on; `run_app` tells of it at the end when it was standard output.
inline void put(std::FILE* out, std::string_view text) {
  (void)std::fwrite(text.data(), 1, text.size(), out);
}

/// `fmt::print` by way of `put`.
template <class... Args>
void print(std::FILE* out, fmt::format_string<Args...> format, Args&&... args) {
  put(out, fmt::format(format, std::forward<Args>(args)...));
}

/// On standard output.
template <class... Args>
void print(fmt::format_string<Args...> format, Args&&... args) {
  put(stdout, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace stresskit::support
