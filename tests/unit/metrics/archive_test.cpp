#include "stresskit/metrics/archive.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace stresskit::metrics {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr Mono::time_point start{1000s};

Snapshot snapshot(Status status = Status::running) {
  Snapshot s;
  s.run_id = "run";
  s.status = status;
  s.phase = status == Status::stopped ? Phase::none : Phase::bursting;
  s.engine = "native";
  s.write_time = "written";
  s.device_count = 5;
  s.interval_sec = 1;
  s.elapsed_s = 12;
  s.stages = {{.devices = 5, .first_burst = 0}};
  return s;
}

struct ArchiveTest : testing::Test {
  test::TempDir dir;
  std::filesystem::path folder = dir / "runs" / "run";

  [[nodiscard]] std::string text(const char* file) const {
    return support::read_file(folder / file).value();
  }
  [[nodiscard]] std::vector<json> rows(const char* file) const {
    std::vector<json> all;
    std::istringstream lines(text(file));
    for (std::string line; std::getline(lines, line);) {
      all.push_back(json::parse(line));
    }
    return all;
  }
};

TEST_F(ArchiveTest, SaysWhatTheRunWasAskedFor) {
  Archive archive(folder, {{"MQTT_HOST", "127.0.0.1"}});
  archive.add(snapshot(), {}, start);
  const json config = json::parse(text("config.json"));
  EXPECT_EQ(config["schema_version"], 1);
  EXPECT_EQ(config["settings"]["MQTT_HOST"], "127.0.0.1");
  EXPECT_EQ(config["stages"][0]["devices"], 5);
  EXPECT_TRUE(config["bursts_planned"].is_null());
}

TEST_F(ArchiveTest, BurstsAndEventsAreARowEach) {
  Archive archive(folder, {});
  News news;
  BurstRow burst;
  burst.k = 3;
  burst.warmup = true;
  news.bursts = {burst};
  Event lost;
  lost.at_s = 1.5;
  lost.type = Event::Type::device;
  lost.device = 4;
  lost.state = DeviceState::disconnected;
  lost.failure = fleet::Failure{fleet::Stage::disconnect, fleet::Bucket::network, "reset \xff", {}};
  news.events = {lost};
  archive.add(snapshot(), news, start);
  archive.add(snapshot(), {}, start + 1s);
  ASSERT_EQ(rows("bursts.ndjson").size(), 1U);
  EXPECT_EQ(rows("bursts.ndjson")[0]["k"], 3);
  EXPECT_EQ(rows("bursts.ndjson")[0]["marks"], json::array({"warmup"}));
  ASSERT_EQ(rows("events.ndjson").size(), 2U) << "the phase, told once, and the device";
  EXPECT_EQ(rows("events.ndjson")[0]["phase"], "bursting");
  EXPECT_EQ(rows("events.ndjson")[1]["device"], 4);
  EXPECT_EQ(rows("events.ndjson")[1]["state"], "disconnected");
  EXPECT_EQ(rows("events.ndjson")[1]["bucket"], "network");
}

TEST_F(ArchiveTest, HistogramsAreDistancesAndCounts) {
  Archive archive(folder, {});
  News news;
  Histogram& acks = news.histograms[{Metric::ack_from_due, 1, true}];
  acks.record(3us);
  acks.record(3us);
  acks.record(10us);
  news.histograms[{Metric::loop_lag}].record(1us);
  archive.add(snapshot(), news, start);
  const auto all = rows("histograms.ndjson");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["metric"], "ack_from_due");
  EXPECT_EQ(all[0]["stage"], 1);
  EXPECT_EQ(all[0]["warmup"], true);
  EXPECT_EQ(all[0]["counts"], json::array({3, 2, 7, 1}));
  EXPECT_EQ(all[0]["max_us"], 10);
  EXPECT_FALSE(all[1].contains("stage")) << "loop lag is of no burst";
}

TEST_F(ArchiveTest, MessagesAreTwoBitsADevice) {
  Archive archive(folder, {});
  News news;
  news.outcomes = {{7,
                    {Outcome::acknowledged, Outcome::lost, Outcome::unacknowledged,
                     Outcome::not_sent, Outcome::acknowledged}}};
  archive.add(snapshot(), news, start);
  const std::string expected = std::string("TSKM\1\0\0\0\5\0\0\0", 12) +
                               std::string("\7\0\0\0\0\0\0\0", 8) + std::string("\x39\x01", 2);
  EXPECT_EQ(text("messages.bin"), expected);
}

TEST_F(ArchiveTest, ATimelineRowASecondAndOneAtTheEnd) {
  Archive archive(folder, {});
  for (int i = 0; i <= 8; ++i) {
    archive.add(snapshot(), {}, start + i * 250ms);
  }
  archive.add(snapshot(Status::stopped), {}, start + 2100ms);
  const std::string timeline = text("timeline.csv");
  EXPECT_EQ(std::count(timeline.begin(), timeline.end(), '\n'), 1 + 3 + 1);
}

TEST_F(ArchiveTest, NamesAreWrittenAtTheStart) {
  Archive archive(folder, {});
  News news;
  news.names = {"sim-001", "b \"quoted\""};
  archive.add(snapshot(), news, start);
  archive.add(snapshot(), {}, start + 1s);
  EXPECT_EQ(json::parse(text("names.json")), json({"sim-001", "b \"quoted\""}));
}

TEST_F(ArchiveTest, TheEndWritesDevicesAndSummary) {
  Archive archive(folder, {});
  archive.add(snapshot(), {}, start);
  EXPECT_FALSE(std::filesystem::exists(folder / "summary.json"));
  News news;
  DeviceRow device;
  device.name = "sim,\"1\"";
  device.device_id = "4f2a";
  device.failure = fleet::Failure{fleet::Stage::connect, fleet::Bucket::auth, "CONNACK 5", {}};
  news.devices = {device};
  Snapshot last = snapshot(Status::stopped);
  last.thresholds = {{"lost==0", "3", ThresholdRow::State::crossed},
                     {"sent>1", "9", ThresholdRow::State::passed}};
  archive.add(last, news, start + 1s);
  EXPECT_EQ(json::parse(text("summary.json"))["thresholds"][0]["state"], "crossed");
  EXPECT_THAT(text("devices.csv"), testing::HasSubstr("0,\"sim,\"\"1\"\"\",4f2a,connecting,"));
  EXPECT_THAT(text("devices.csv"), testing::HasSubstr(",auth,CONNACK 5,0,"));
  const auto events = rows("events.ndjson");
  EXPECT_EQ(events.back()["threshold"], "lost==0") << "the one that holds is no event";
  EXPECT_TRUE(archive.intact());
}

TEST_F(ArchiveTest, AFolderThatCannotBeMadeIsSaidBeforeTheRun) {
  ASSERT_TRUE(support::replace_file(dir / "runs", "a file"));
  EXPECT_THROW(Archive(folder, {}), support::Error);
}

}  // namespace
}  // namespace stresskit::metrics
