#include "dashboard/run_list.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace stresskit::dashboard {
namespace {

TEST(RunList, StartTimeIsInTheId) {
  EXPECT_EQ(run_start("19700102T030405Z-00ff"), 86'400 + 3 * 3600 + 4 * 60 + 5);
}

TEST(RunList, NothingElseIsARunId) {
  for (const char* text :
       {"", "..", "20261123T101500Z-4F2A", "20261123T101500Z-4f2", "20261123T101500Z-4f2a/",
        "20261323T101500Z-4f2a", "20261123T101500Z-4f2a\n", "2026112xT101500Z-4f2a",
        "../../20261123T101500Z"}) {
    EXPECT_FALSE(run_start(text)) << text;
  }
}

TEST(RunList, NewestFirstAndNoMoreThanAskedFor) {
  const test::TempDir dir;
  for (const char* name : {"20261123T101500Z-0001", "20261125T101500Z-0002",
                           "20261124T101500Z-0003", "notes", "20261126T101500Z-zzzz"}) {
    std::filesystem::create_directories(dir.path() / "runs" / name);
  }
  std::ofstream(dir.path() / "runs" / "20261124T101500Z-0003" / "timeline.csv") << "elapsed_s\n";
  const auto runs = list_runs(PublishedFolder(dir.path()), 2);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].run_id, "20261125T101500Z-0002");
  EXPECT_FALSE(runs[0].has_timeline);
  EXPECT_EQ(runs[1].run_id, "20261124T101500Z-0003");
  EXPECT_TRUE(runs[1].has_timeline);
}

}  // namespace
}  // namespace stresskit::dashboard
