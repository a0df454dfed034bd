// How long the report of an hour takes: 3,600 bursts of 500 devices, every format. Prints medians
// of five runs, beside the size of what was read and made.
#include "common/temporary.hpp"
#include "support/run_archive.hpp"

#include "stresskit/metrics/run_record.hpp"
#include "stresskit/report/comparison.hpp"
#include "stresskit/report/outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <vector>

using namespace stresskit;

namespace {

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median_of_five(const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    times.push_back(seconds(work));
  }
  std::sort(times.begin(), times.end());
  return times[2];
}

double megabytes(const std::filesystem::path& folder) {
  double bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    bytes += static_cast<double>(entry.file_size());
  }
  return bytes / 1e6;
}

/// Latencies with a tail, so that histograms have as many buckets as real ones.
test::MadeRun an_hour() {
  test::MadeRun run;
  run.devices = 500;
  run.bursts = 3'600;
  run.ack_us = [](std::uint64_t k, std::uint64_t i) {
    const std::uint64_t x = (k * 500 + i) * 2'654'435'761ULL % 1'000'003;
    return static_cast<std::uint32_t>(3'000 + x % 6'000 + (x % 997 == 0 ? 80'000 : 0));
  };
  run.outcome = [](std::uint64_t k, std::uint64_t i) {
    return k % 600 == 599 && i % 50 == 0 ? metrics::Outcome::lost : metrics::Outcome::acknowledged;
  };
  return run;
}

}  // namespace

int main() {
  const bench::TemporaryFolder dir;
  const auto folder = test::write_archive(dir.path(), an_hour());
  fmt::print("an hour, 3,600 bursts of 500 devices: an archive of {:.1f} MB\n", megabytes(folder));
  const auto run = metrics::read_run(folder).value();
  std::string page;
  fmt::print("read it           {:6.2f} s\n",
             median_of_five([&] { (void)metrics::read_run(folder).value(); }));
  fmt::print("page              {:6.2f} s\n", median_of_five([&] { page = report::html(run); }));
  fmt::print("read it and page  {:6.2f} s   {:.0f} kB\n",
             median_of_five([&] { page = report::html(metrics::read_run(folder).value()); }),
             static_cast<double>(page.size()) / 1e3);
  fmt::print("compare           {:6.2f} s\n",
             median_of_five([&] { (void)report::compare(run, run); }));
}
