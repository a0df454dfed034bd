#pragma once

#include "stresskit/metrics/histogram.hpp"
#include "stresskit/metrics/run_record.hpp"

#include <string>

namespace stresskit::report {

// One run, told in many ways. All of them are pure; thresholds are told as `run.last.thresholds`
// holds them, so judge first. Names and details come from devices and servers: every output escapes
// them, and bytes that are no UTF-8 become the replacement character.

/// One self-contained page: verdict, thresholds, charts, stages, settings, gaps. It asks no other
/// host for anything, runs no script, and stays small however long the run was.
[[nodiscard]] std::string html(const metrics::RunRecord& run);

/// JUnit XML for CI: a test case for each threshold, one for the ledger and one for the generator.
[[nodiscard]] std::string junit(const metrics::RunRecord& run);

/// For a comment on a pull request: verdict, thresholds, figures, failures.
[[nodiscard]] std::string markdown(const metrics::RunRecord& run);

/// RFC 4180: a row for each burst; a row for each device. Times are milliseconds.
[[nodiscard]] std::string bursts_csv(const metrics::RunRecord& run);
[[nodiscard]] std::string devices_csv(const metrics::RunRecord& run);

/// A percentile table in milliseconds, as the plotters of HdrHistogram (http://hdrhistogram.org)
/// read it: five steps for every halving of the distance to 100 %.
[[nodiscard]] std::string hgrm(const metrics::Histogram& histogram);

/// What a run came to in a few words: "good", or why it is not.
struct Outcome {
  bool good = false;
  std::string word;      ///< "passed", "crossed", "the generator was the bottleneck", ...
  std::string sentence;  ///< the verdict's
};

[[nodiscard]] Outcome outcome(const metrics::RunRecord& run);

}  // namespace stresskit::report
