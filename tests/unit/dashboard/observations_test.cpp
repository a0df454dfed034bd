#include "dashboard/observations.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;
using testing::ElementsAre;

class ObservationsTest : public testing::Test {
 protected:
  ObservationsTest() { std::filesystem::create_directories(folder); }
  void add(const std::string& file, const std::string& text) const {
    std::ofstream(folder / file, std::ios::app) << text;
  }
  json told() {
    (void)seen.refresh(data, 1000);
    return seen.told(400);
  }

  test::TempDir dir;
  std::filesystem::path folder = dir / "runs/20261123T101500Z-4f2a";
  PublishedFolder data{dir.path()};
  Observations seen{"20261123T101500Z-4f2a"};
};

TEST_F(ObservationsTest, MostRunsHaveNone) {
  EXPECT_EQ(seen.refresh(data, 1000), "");
  EXPECT_TRUE(seen.told(400)["sources"].empty());
}

TEST_F(ObservationsTest, TheOldestProbeOfASecondCountsOnceTheSecondIsOver) {
  add("freshness.csv",
      "unix_s,device,k,age_ms\n1001.1,sim-001,0,100\n1001.4,\"a, b\",,900\n1001.9,sim-003,0,5\n"
      "rubbish\n1002.2,sim-001,1,x\n1002.3,sim-001,1,70\n");
  EXPECT_EQ(told()["freshness"]["columns"]["age_ms"].dump(), "[900]");
  add("freshness.csv", "1003.0,sim-001,2,30\n1003.5,si");
  const json ages = told()["freshness"]["columns"];
  EXPECT_EQ(ages["elapsed_s"].dump(), "[1,2]");
  EXPECT_EQ(ages["age_ms"].dump(), "[900,70]");
}

TEST_F(ObservationsTest, EachSourceIsToldFromItsFirstToItsLastRowAndAsASum) {
  add("server.ndjson",
      R"({"unix_s":1001,"source":"usage","lag_s":60,"storage_points":10}
{"unix_s":1011,"source":"usage","lag_s":60,"storage_points":30}
{"unix_s":1012,"source":"system","cpu_percent":40,"memory_percent":61}
{"unix_s":1013,"source":"queue","queue":"Main","server_ts_ms":999000,"successful":7}
{"unix_s":1013,"source":"queue","queue":"Main","server_ts_ms":1013000,"successful":5,"timed_out":1}
{"unix_s":1073,"source":"queue","queue":"Main","server_ts_ms":1073000,"successful":6,"timed_out":0}
[1]
{"source":"usage"}
)");
  const json all = told();
  EXPECT_EQ(all["machine"]["columns"]["elapsed_s"].dump(), "[12]");
  EXPECT_EQ(all["machine"]["columns"]["cpu_percent"].dump(), "[40]");
  ASSERT_EQ(all["sources"].size(), 3U);
  const json& queue = all["sources"][0];
  EXPECT_EQ(queue["queue"], "Main");
  EXPECT_EQ(queue["sum"]["successful"], 11) << "a row from before the run is not of the run";
  EXPECT_EQ(queue["sum"]["timed_out"], 1);
  const json& usage = all["sources"][2];
  EXPECT_EQ(usage["first"]["storage_points"], 10);
  EXPECT_EQ(usage["last"]["storage_points"], 30);
}

TEST_F(ObservationsTest, AFileFullOfSourcesStaysSmall) {
  for (int i = 0; i < 100; ++i) {
    add("server.ndjson", "{\"unix_s\":1001,\"source\":\"s" + std::to_string(i) + "\"}\n");
  }
  EXPECT_EQ(told()["sources"].size(), 32U);
}

}  // namespace
}  // namespace stresskit::dashboard
