#pragma once

#include "stresskit/support/error.hpp"
#include "stresskit/support/result.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace stresskit::test {

/// Something of the kit that writes files, as its program calls it.
struct FileWriter {
  const char* name;
  /// Writes below `folder`. What fails is what it says, or throws as a support::Error; `warned`
  /// where it goes on without the file and has said so as a warning.
  std::function<support::Result<void>(const std::filesystem::path& folder)> write;
  /// What is wrong with what stands there; empty: nothing.
  std::function<std::string(const std::filesystem::path& folder)> trouble;
  /// Of what it throws.
  support::ExitCode exit_code = support::ExitCode::usage;
};

inline constexpr const char* warned = "warned";

/// Every one there is.
[[nodiscard]] const std::vector<FileWriter>& file_writers();

}  // namespace stresskit::test
