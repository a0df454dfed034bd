#include "support/simulated_run.hpp"

#include "support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace stresskit {
namespace {

std::uintmax_t size_of(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    bytes += entry.is_regular_file() ? entry.file_size() : 0;
  }
  return bytes;
}

// Two minutes of 500 devices; an hour of it must stay below 30 MB.
TEST(SimulatedRun, ItsArchiveStaysSmallAndItsLedgerAddsUp) {
  const test::TempDir dir;
  test::SimulatedRun simulated{.data = dir.path(), .bursts = 120};
  const metrics::Snapshot last = simulated.run();
  EXPECT_TRUE(last.balanced);
  EXPECT_EQ(last.totals.planned(), 60'000U);
  EXPECT_EQ(last.totals.planned(), last.totals.acknowledged() + last.totals.unacknowledged());
  EXPECT_GT(last.totals.unacknowledged(), 0U);
  EXPECT_EQ(last.bursts_due, 120U);
  EXPECT_LT(size_of(dir.path() / "runs"), 30'000'000U / 30);
}

}  // namespace
}  // namespace stresskit
