#include "dashboard/metrics_file.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::dashboard {
namespace {

using testing::HasSubstr;

std::string reason_of(const std::string& bytes) {
  const MetricsView view = read_metrics(bytes);
  return view.problem ? view.problem->reason : "no problem";
}

TEST(MetricsFile, TakesTheBannersPart) {
  const auto head =
      read_metrics(
          R"({"status":"running","phase":"bursting","run_id":"r","pid":7,"updated_at":12.5,"write_sec":2})")
          .head;
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, "running");
  EXPECT_EQ(head->phase, "bursting");
  EXPECT_EQ(head->pid, 7);
  EXPECT_EQ(head->updated_at, 12.5);
  EXPECT_EQ(head->write_sec, 2);
}

TEST(MetricsFile, OriginalFileHasItsTimestampAsLastUpdate) {
  EXPECT_EQ(read_metrics(R"({"status":"running","timestamp":99})").head->updated_at, 99);
}

TEST(MetricsFile, NullsOfAnIdleFileAreNoTrouble) {
  const auto head =
      read_metrics(R"({"status":"idle","run_id":null,"pid":null,"phase":null,"message":"ready"})")
          .head;
  ASSERT_TRUE(head);
  EXPECT_EQ(head->message, "ready");
  EXPECT_EQ(head->run_id, "");
}

TEST(MetricsFile, EveryBrokenFormIsNamed) {
  EXPECT_THAT(reason_of(""), HasSubstr("empty"));
  EXPECT_THAT(reason_of(R"({"status":"runn)"), HasSubstr("only a part"));
  EXPECT_THAT(reason_of(std::string("\x00\xff\x01\x02", 4)), HasSubstr("no JSON"));
  EXPECT_THAT(reason_of("[1,2]"), HasSubstr("no object"));
  EXPECT_THAT(reason_of(R"({"status":"sleeping"})"), HasSubstr("status"));
  EXPECT_THAT(reason_of(R"({"status":5})"), HasSubstr("status"));
}

TEST(MetricsFile, AReplacedFileIsReadAnew) {
  const test::TempDir dir;
  const PublishedFolder folder(dir.path());
  MetricsFile file;
  EXPECT_TRUE(file.look(folder).problem->missing);
  ASSERT_TRUE(support::replace_file(dir.path() / "metrics.json", R"({"status":"idle"})"));
  EXPECT_EQ(file.look(folder).head->status, "idle");
  ASSERT_TRUE(support::replace_file(dir.path() / "metrics.json", R"({"status":"running"})"));
  EXPECT_EQ(file.look(folder).head->status, "running");
  ASSERT_TRUE(support::replace_file(dir.path() / "metrics.json", "{"));
  EXPECT_FALSE(file.look(folder).problem->missing);
  std::filesystem::remove(dir.path() / "metrics.json");
  EXPECT_TRUE(file.look(folder).problem->missing);
}

}  // namespace
}  // namespace stresskit::dashboard
