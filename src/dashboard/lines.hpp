#pragma once

#include <string_view>

namespace stresskit::dashboard {

/// Takes the next whole line off `rest`, without its end; false when none is left.
inline bool next_line(std::string_view& rest, std::string_view& line) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) {
    return false;
  }
  line = rest.substr(0, end);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  rest.remove_prefix(end + 1);
  return true;
}

}  // namespace stresskit::dashboard
