#include "dashboard/run_archive.hpp"

#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <future>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;
using testing::ElementsAre;

class RunArchiveTest : public testing::Test {
 protected:
  RunArchiveTest() { std::filesystem::create_directories(folder); }
  void write(const std::string& file, const std::string& text) const {
    std::ofstream(folder / file, std::ios::binary) << text;
  }

  test::TempDir dir;
  const std::string run_id = "20261123T101500Z-4f2a";
  std::filesystem::path folder = dir.path() / "runs" / run_id;
  PublishedFolder data{dir.path()};
  RunArchive archive{run_id};
};

TEST_F(RunArchiveTest, ARunThatIsBeingRebuiltHoldsNobodyUp) {
  std::promise<void> last_row;
  const std::shared_future<void> all_read = last_row.get_future().share();
  ArchiveShelf shelf([&](const auto&...) {
    all_read.wait();
    return MetricsView{};
  });
  const auto look_at = [&](int run) -> RunArchive& {
    RunArchive& opened = shelf.take(fmt::format("20261123T101500Z-000{}", run));
    (void)opened.rebuilt(data, shelf.may_rebuild());
    return opened;
  };
  for (int run = 1; run <= 6; ++run) {
    look_at(run);
  }
  EXPECT_TRUE(look_at(1).is_being_rebuilt());
  EXPECT_TRUE(look_at(2).is_being_rebuilt());
  EXPECT_FALSE(look_at(3).is_being_rebuilt()) << "no more than two at once";
  last_row.set_value();
}

TEST_F(RunArchiveTest, NamesComeFromItsOwnList) {
  write("names.json", R"(["sim-001", "a \"b\", c", 7])");
  EXPECT_THAT(archive.names(data, json::object()), ElementsAre("sim-001", "a \"b\", c", ""));
}

TEST_F(RunArchiveTest, AListThatIsNoneGivesNoNames) {
  for (const char* text : {"", "[\"torn", "{}", "7"}) {
    write("names.json", text);
    EXPECT_TRUE(archive.names(data, json::object()).empty()) << text;
  }
}

TEST_F(RunArchiveTest, WithoutAListNamesComeFromMetricsThatListEveryDevice) {
  const json some = {{"device_count", 5}, {"devices", {{{"name", "x"}}}}};
  EXPECT_TRUE(archive.names(data, some).empty());
  const json all = {{"device_count", 2}, {"devices", {{{"name", "x"}}, {{"name", 7}}}}};
  EXPECT_THAT(archive.names(data, all), ElementsAre("x", ""));
}

TEST_F(RunArchiveTest, OutcomesOfADeviceBurstByBurst) {
  using namespace std::string_literals;
  // Five devices: two bytes a record. Device 4 is in the first two bits of the second byte.
  const std::string header = "TSKM\1\0\0\0\5\0\0\0"s;
  const auto record = [](char k, char first, char second) {
    return std::string{k, 0, 0, 0, 0, 0, 0, 0, first, second};
  };
  write("messages.bin", header + record(7, '\x55', 1) + record(8, '\x55', 2) + record(9, 0, 3) +
                            std::string("torn"));
  EXPECT_EQ(archive.outcomes(data, 4, 10).dump(), R"({"k":[7,8,9],"outcomes":"alu"})");
  EXPECT_EQ(archive.outcomes(data, 0, 2).dump(), R"({"k":[8,9],"outcomes":"a-"})");
  EXPECT_EQ(archive.outcomes(data, 5, 10)["outcomes"], "");
  write("messages.bin", "TSKM");
  EXPECT_EQ(archive.outcomes(data, 0, 10)["outcomes"], "");
}

TEST_F(RunArchiveTest, AFileInPlaceOfAnotherStartsAnew) {
  write("bursts.ndjson", "{\"k\":1}\n{\"k\":2}\n");
  (void)archive.refresh_bursts(data);
  std::filesystem::remove(folder / "bursts.ndjson");
  write("other", "");  // takes the freed inode number, so that the new file gets another
  write("bursts.ndjson", "{\"k\":5}\n");
  (void)archive.refresh_bursts(data);
  EXPECT_EQ(archive.bursts().news(0, 10)["columns"]["k"].dump(), "[5]");
}

}  // namespace
}  // namespace stresskit::dashboard
