#pragma once

#include "dashboard/answer.hpp"
#include "dashboard/api.hpp"
#include "dashboard/published_folder.hpp"

#include "stresskit/config/settings.hpp"
#include "stresskit/support/clock.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace stresskit::dashboard {

/// What is answered under which path: no sockets, no HTTP syntax.
class Site {
 public:
  Site(config::Dashboard settings, const std::filesystem::path& data_folder,
       const std::filesystem::path& web_folder, WhoRuns who_runs, support::Clock& clock);

  /// With a password set, everything but `/healthz` wants it.
  /// Threads: one at a time, as it remembers what it has read.
  [[nodiscard]] Answer answer(const Request& request);

 private:
  [[nodiscard]] bool may_see(const Request& request) const;
  [[nodiscard]] Answer find(const Request& request);
  [[nodiscard]] Answer page_file(std::string_view path);

  std::string password_;  ///< empty: everybody may see everything
  PublishedFolder web_;
  std::map<std::string, Answer, std::less<>> page_;  ///< files of the page, packed
  Api api_;
  support::Clock& clock_;
};

}  // namespace stresskit::dashboard
