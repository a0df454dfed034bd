#include "stresskit/dashboard/server.hpp"
#include "stresskit/support/error.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <system_error>

namespace stresskit::dashboard {

std::filesystem::path find_web_folder() {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto home = program.parent_path().parent_path();
  const std::array<std::filesystem::path, 2> places{home / "web", home / "share/stresskit/web"};
  for (const auto& place : places) {
    if (std::filesystem::is_regular_file(place / "index.html", ignored)) {
      return place;
    }
  }
  throw support::Error(support::ExitCode::failed,
                       fmt::format("cannot find the page: neither {} nor {} has an index.html; "
                                   "build the target run_dashboard again",
                                   places[0].string(), places[1].string()));
}

}  // namespace stresskit::dashboard
