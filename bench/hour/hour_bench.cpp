// What an hour of 500 devices leaves behind, and what a snapshot of 15,000 devices takes: runs with
// a clock of their own (tests/support/simulated_run.hpp), so the hour takes seconds.
#include "common/temporary.hpp"
#include "support/simulated_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono;
using stresskit::metrics::Snapshot;
using stresskit::test::SimulatedRun;

double megabytes_of(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    bytes += entry.is_regular_file() ? entry.file_size() : 0;
  }
  return static_cast<double>(bytes) / 1e6;
}

/// Resident memory of this process.
double megabytes_of_memory() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

void an_hour() {
  const bench::TemporaryFolder folder;
  double after_ten_minutes = 0;
  double at_the_end = 0;
  SimulatedRun simulated{.data = folder.path()};
  simulated.watch = [&](const Snapshot& snapshot, nanoseconds) {
    if (snapshot.bursts_due <= 600) {
      after_ten_minutes = megabytes_of_memory();
    }
    at_the_end = megabytes_of_memory();
  };
  const auto began = steady_clock::now();
  const Snapshot last = simulated.run();
  fmt::print("an hour of 500 devices: {} messages, {} acknowledged, simulated in {:.1f} s\n",
             last.totals.planned(), last.totals.acknowledged(),
             duration<double>(steady_clock::now() - began).count());
  fmt::print("  archive           {:8.1f} MB\n", megabytes_of(folder.path() / "runs"));
  for (const auto& file :
       std::filesystem::directory_iterator(folder.path() / "runs" / "simulated")) {
    fmt::print("    {:<16}{:8.2f} MB\n", file.path().filename().string(),
               static_cast<double>(file.file_size()) / 1e6);
  }
  fmt::print("  memory            {:8.1f} MB after 10 minutes, {:.1f} MB at the end ({:+.1f})\n",
             after_ten_minutes, at_the_end, at_the_end - after_ten_minutes);
}

void a_snapshot() {
  const bench::TemporaryFolder folder;
  std::vector<double> took_ms;
  SimulatedRun simulated{.data = folder.path(), .devices = 15'000, .bursts = 30};
  simulated.watch = [&](const Snapshot& snapshot, nanoseconds took) {
    if (snapshot.bursts_due > 0) {
      took_ms.push_back(duration<double, std::milli>(took).count());
    }
  };
  (void)simulated.run();
  std::sort(took_ms.begin(), took_ms.end());
  fmt::print(
      "a snapshot of 15,000 devices, built and written: median {:.1f} ms, slowest {:.1f} ms\n",
      took_ms[took_ms.size() / 2], took_ms.back());
}

}  // namespace

int main() {
  an_hour();
  a_snapshot();
}
