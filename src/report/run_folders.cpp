#include "stresskit/report/run_folders.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stresskit::report {

namespace {

std::string hint(const std::string& run, const std::vector<std::filesystem::path>& folders) {
  std::vector<std::string> names;
  for (const auto& folder : folders) {
    names.push_back(folder.filename().string());
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const auto meant = support::nearest(run, candidates);
  return meant ? fmt::format("did you mean {}? ", *meant) : "";
}

}  // namespace

std::vector<std::filesystem::path> run_folders(const config::Data& data) {
  support::refuse_symlink(data.runs());
  std::vector<std::filesystem::path> folders;
  std::error_code error;
  for (auto it = std::filesystem::directory_iterator(data.runs(), error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    std::error_code ignored;
    if (it->symlink_status(ignored).type() == std::filesystem::file_type::directory) {
      folders.push_back(it->path());
    }
  }
  // Ids begin with the time of the start.
  std::sort(folders.rbegin(), folders.rend());
  return folders;
}

std::filesystem::path find_run(const std::string& run, const config::Data& data) {
  const auto folders = run_folders(data);
  if (run.empty()) {
    if (folders.empty()) {
      throw support::Error(
          support::ExitCode::usage,
          fmt::format("there is no run in {} yet: start one with run_telemetry, or name a folder",
                      data.runs().string()));
    }
    std::error_code ignored;
    const auto whole = std::find_if(folders.begin(), folders.end(), [&](const auto& folder) {
      return std::filesystem::exists(folder / "config.json", ignored);
    });
    return whole == folders.end() ? folders.front() : *whole;
  }
  if (run.find('/') == std::string::npos) {
    support::refuse_symlink(data.runs() / run);
  }
  std::error_code ignored;
  for (const std::filesystem::path& folder : {data.runs() / run, std::filesystem::path(run)}) {
    if (std::filesystem::is_directory(folder, ignored)) {
      return folder;
    }
  }
  throw support::Error(support::ExitCode::usage,
                       fmt::format("there is no run \"{}\", neither in {} nor as a folder; {}"
                                   "make_report --list shows them",
                                   run, data.runs().string(), hint(run, folders)));
}

}  // namespace stresskit::report
