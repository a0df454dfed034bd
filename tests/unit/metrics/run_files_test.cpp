#include "stresskit/metrics/run_files.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/error.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace stresskit::metrics {
namespace {

using namespace std::chrono_literals;

constexpr Mono::time_point start{1000s};

struct RunFilesTest : testing::Test {
  test::TempDir dir;
  config::Data data{dir.path()};

  [[nodiscard]] std::string status() const {
    return nlohmann::json::parse(*support::read_file(data.metrics()))["status"];
  }
  [[nodiscard]] std::ptrdiff_t timeline_rows() const {
    const std::string text = *support::read_file(data.runs() / "run" / "timeline.csv");
    return std::count(text.begin(), text.end(), '\n') - 1;
  }
};

Snapshot running() {
  Snapshot snapshot;
  snapshot.status = Status::running;
  snapshot.phase = Phase::bursting;
  return snapshot;
}

TEST_F(RunFilesTest, WritesMetricsAtItsCadenceAndAtOnceWhenTheStatusTurns) {
  RunFiles files(data, "run", 10s, {});
  files.publish(running(), {}, start);
  EXPECT_EQ(status(), "running");
  std::filesystem::remove(data.metrics());
  files.publish(running(), {}, start + 5s);
  EXPECT_FALSE(std::filesystem::exists(data.metrics()));
  Snapshot stopping = running();
  stopping.status = Status::stopping;
  files.publish(stopping, {}, start + 6s);
  EXPECT_EQ(status(), "stopping");
}

TEST_F(RunFilesTest, WritesNothingBehindALink) {
  std::filesystem::create_directory(dir / "outside");
  std::filesystem::create_symlink(dir / "outside", data.runs());
  EXPECT_THROW(RunFiles(data, "run", 10s, {}), support::Error);
  EXPECT_FALSE(std::filesystem::exists(dir / "outside/run/timeline.csv"));
}

TEST_F(RunFilesTest, WritesATimelineRowASecond) {
  RunFiles files(data, "run", 10s, {});
  for (int i = 0; i <= 20; ++i) {
    files.publish(running(), {}, start + i * 250ms);
  }
  EXPECT_EQ(timeline_rows(), 6);
}

// The folder goes away in the middle of the run and comes back: the run goes on, and says so.
TEST_F(RunFilesTest, AFileThatCannotBeWrittenIsTriedAgain) {
  const auto inner = dir / "inner";
  std::filesystem::create_directory(inner);
  RunFiles files(config::Data{inner}, "run", 1s, {});
  files.publish(running(), {}, start);
  EXPECT_TRUE(files.intact());
  std::filesystem::remove_all(inner);
  files.publish(running(), {}, start + 2s);
  EXPECT_FALSE(files.intact());
  std::filesystem::create_directory(inner);
  files.publish(running(), {}, start + 4s);
  EXPECT_TRUE(files.intact());
  EXPECT_TRUE(std::filesystem::exists(inner / "metrics.json"));
}

}  // namespace
}  // namespace stresskit::metrics
