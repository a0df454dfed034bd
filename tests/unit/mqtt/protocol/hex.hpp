#pragma once

#include <string>
#include <string_view>

namespace stresskit::test {

/// "20 02 00 05" -> its four bytes; 'text' in single quotes stands for itself.
inline std::string hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') {
      const std::size_t end = text.find('\'', i + 1);
      bytes += text.substr(i + 1, end - i - 1);
      i = end;
    } else if (text[i] != ' ') {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
      ++i;
    }
  }
  return bytes;
}

}  // namespace stresskit::test
