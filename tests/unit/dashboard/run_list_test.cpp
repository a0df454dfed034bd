#include "dashboard/run_list.hpp"

#include "support/temp_dir.hpp"

#include <fmt/format.h>
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

class RunListTest : public testing::Test {
 protected:
  void write(const std::string& run, const std::string& file, const std::string& text) {
    std::filesystem::create_directories(dir.path() / "runs" / run);
    std::ofstream(dir.path() / "runs" / run / file) << text;
  }
  nlohmann::json look(std::size_t most = 10) {
    return list.look(PublishedFolder(dir.path()), most);
  }

  test::TempDir dir;
  RunList list;
};

TEST_F(RunListTest, NewestFirstAndNoMoreThanAskedFor) {
  for (const char* name : {"20261123T101500Z-0001", "20261125T101500Z-0002",
                           "20261124T101500Z-0003", "notes", "20261126T101500Z-zzzz"}) {
    write(name, "some", "");
  }
  write("20261124T101500Z-0003", "timeline.csv", "elapsed_s\n");
  const auto runs = look(2)["runs"];
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0]["run_id"], "20261125T101500Z-0002");
  EXPECT_EQ(runs[0]["has_timeline"], false);
  EXPECT_EQ(runs[1]["run_id"], "20261124T101500Z-0003");
  EXPECT_EQ(runs[1]["has_timeline"], true);
}

TEST_F(RunListTest, SaysWhatASummarySays) {
  write(
      "20261123T101500Z-0001", "summary.json",
      R"({"device_count":5,"verdict":{"kind":"kept_up","sentence":"fine"},"devices":[{"name":"x"}],
            "latency_ms":{"ack_from_due":{"p99":7}}})");
  write("20261123T101500Z-0001", "report.html", "<p>");
  write("20261123T101500Z-0002", "summary.json", "{\"device_co");
  write("20261123T101500Z-0003", "summary.json", R"({"latency_ms":[7],"generator":"fast"})");
  const auto runs = look()["runs"];
  EXPECT_EQ(runs[2]["verdict"]["kind"], "kept_up");
  EXPECT_EQ(runs[2]["ack_from_due"]["p99"], 7);
  EXPECT_EQ(runs[2]["has_report"], true);
  EXPECT_FALSE(runs[2].contains("devices"));
  EXPECT_FALSE(runs[1].contains("device_count"));
  EXPECT_EQ(runs[0]["ack_from_due"], nullptr);
}

TEST_F(RunListTest, ManySummariesAreReadInPortions) {
  for (int i = 0; i < 25; ++i) {
    write(fmt::format("20261123T1015{:02}Z-0001", i), "summary.json", R"({"device_count":5})");
  }
  const auto known = [](const nlohmann::json& answer) {
    const auto& runs = answer["runs"];
    return std::count_if(runs.begin(), runs.end(),
                         [](const auto& run) { return run.contains("device_count"); });
  };
  auto answer = look(100);
  EXPECT_EQ(answer["complete"], false);
  EXPECT_LT(known(answer), 25);
  answer = look(100);
  answer = look(100);
  EXPECT_EQ(answer["complete"], true);
  EXPECT_EQ(known(answer), 25);
}

}  // namespace
}  // namespace stresskit::dashboard
