#pragma once

#include "support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <string_view>

namespace stresskit::fuzz {

/// A folder for targets that read files; the same one for every input.
inline const std::filesystem::path& scratch() {
  static const test::TempDir folder;
  return folder.path();
}

inline std::filesystem::path write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path;
}

}  // namespace stresskit::fuzz
