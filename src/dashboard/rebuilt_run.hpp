#pragma once

#include "dashboard/metrics_file.hpp"
#include "dashboard/published_folder.hpp"

#include <future>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::dashboard {

/// The figures of a run that was killed before it wrote its summary, made from the rows of its
/// archive as `make_report` makes them.
///
/// An hour of 500 devices takes most of a second, so it is done on a thread of its own while others
/// are answered. Threads: one makes the calls.
class RebuiltRun {
 public:
  explicit RebuiltRun(std::string run_id) : run_id_(std::move(run_id)) {}

  /// The first look begins the making. Without `head` until it is done, and for good when the
  /// archive does not allow it: a file too large, a link, no config.json. `names`: of the devices
  /// by index, which a killed run's rows do not have.
  [[nodiscard]] const MetricsView& look(const PublishedFolder& data,
                                        const std::vector<std::string>& names);

 private:
  std::string run_id_;
  std::future<MetricsView> making_;
  MetricsView made_;
};

}  // namespace stresskit::dashboard
