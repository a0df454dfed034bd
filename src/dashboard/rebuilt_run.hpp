#pragma once

#include "dashboard/metrics_file.hpp"
#include "dashboard/published_folder.hpp"

#include <filesystem>
#include <functional>
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace stresskit::dashboard {

/// Makes figures out of the archive in `folder`. Without `head` when that is not possible, or when
/// a stop came first. `names`: of the devices by index, which a killed run's rows do not have.
using Rebuild =
    std::function<MetricsView(const std::stop_token& stop, const std::filesystem::path& folder,
                              const std::vector<std::string>& names)>;

/// As `make_report` makes them. Never throws.
[[nodiscard]] MetricsView rebuild_run(const std::stop_token& stop,
                                      const std::filesystem::path& folder,
                                      const std::vector<std::string>& names);

/// The figures of a run that was killed before it wrote its summary, made from the rows of its
/// archive.
///
/// An hour of 500 devices takes most of a second, so it is done on a thread of its own while others
/// are answered; the destructor waits for that thread, which ends with the file it is reading.
/// Threads: one makes the calls.
class RebuiltRun {
 public:
  RebuiltRun(std::string run_id, Rebuild rebuild)
      : run_id_(std::move(run_id)), rebuild_(std::move(rebuild)) {}

  /// The first look that `may_begin` begins the making. Without `head` until it is done, and for
  /// good when the archive does not allow it: a file too large, a link, no config.json.
  [[nodiscard]] const MetricsView& look(const PublishedFolder& data,
                                        const std::vector<std::string>& names, bool may_begin);

  /// Whether the thread is at work.
  [[nodiscard]] bool is_being_made() const;

 private:
  std::string run_id_;
  Rebuild rebuild_;
  std::future<MetricsView> making_;
  MetricsView made_;
  std::jthread maker_;
};

}  // namespace stresskit::dashboard
