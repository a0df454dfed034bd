// Every writer of files, with every step of its writing failing once, or being the last thing that
// the process does. Whatever happens: what could not be written is reported, a file that is
// replaced is the old one or the new one, a file that grows holds whole rows, and the next write
// succeeds.
#include "faults/file_layer.hpp"
#include "support/run_archive.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/control/run_lock.hpp"
#include "stresskit/control/stop_flag.hpp"
#include "stresskit/fleet/devices_csv.hpp"
#include "stresskit/fleet/tokens.hpp"
#include "stresskit/metrics/idle.hpp"
#include "stresskit/metrics/run_files.hpp"
#include "stresskit/metrics/run_record.hpp"
#include "stresskit/metrics/storage_file.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace stresskit {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using test::FileLayer;

/// A run of three bursts, a snapshot each. Returns whether its files are intact.
bool write_run(const fs::path& folder) {
  constexpr support::Mono::time_point start{1000s};
  metrics::Snapshot s;
  s.run_id = "run";
  s.status = metrics::Status::running;
  s.phase = metrics::Phase::bursting;
  s.engine = "native";
  s.write_time = "written";
  s.device_count = 4;
  s.interval_sec = 1;
  s.stages = {{.devices = 4, .first_burst = 0}};
  metrics::RunFiles files(config::Data{folder}, "run", 1s, {});
  for (std::uint64_t k = 0; k < 3; ++k) {
    metrics::News news;
    news.bursts.emplace_back().k = k;
    news.outcomes.push_back({k, std::vector<metrics::Outcome>(4, metrics::Outcome::acknowledged)});
    if (k == 0) news.names = {"sim-001", "sim-002", "sim-003", "sim-004"};
    if (k == 2) s.status = metrics::Status::stopped;
    s.elapsed_s = static_cast<double>(k);
    files.publish(s, news, start + k * 1s);
  }
  return files.intact();
}

bool take_lock(const fs::path& folder) {
  const auto lock = control::RunLock::take(config::Data{folder}, "run");
  return control::active_run(config::Data{folder})->run_id == "run";
}

struct Writer {
  const char* name;
  /// Whether it succeeded; an Error is a no, too.
  std::function<bool(const fs::path& folder)> write;
  /// What is wrong with what stands there; empty: nothing.
  std::function<std::string(const fs::path& folder)> trouble;
};

template <class Read>
auto readable(const char* file, Read read) {
  return [=](const fs::path& folder) -> std::string {
    if (!fs::exists(folder / file)) return "";
    const auto document = read(folder / file);
    return document ? "" : std::string(file) + " cannot be read";
  };
}
auto whole_json(const char* file) {
  return readable(file, [](const fs::path& path) {
    return json::accept(*support::read_file(path)) ? std::optional(true) : std::nullopt;
  });
}

/// What is missing may be missing (that is what readers have gaps for), a row that is no row not.
std::string archive_trouble(const fs::path& folder) {
  const std::string metrics = whole_json("metrics.json")(folder);
  if (!metrics.empty()) return metrics;
  if (!fs::exists(folder / "runs/run/config.json")) return "";
  const auto record = metrics::read_run(folder / "runs/run");
  if (!record) return record.error();
  for (const std::string& gap : record->gaps) {
    if (gap.find("row") != std::string::npos) return gap;
  }
  return "";
}

const std::vector<Writer> writers{
    {"Tokens",
     [](const fs::path& folder) {
       return fleet::write_tokens(folder / "tokens.json", {{"sim-001", "t"}}).has_value();
     },
     readable("tokens.json", fleet::read_tokens)},
    {"DevicesCsv",
     [](const fs::path& folder) {
       return fleet::write_devices_csv(folder / "devices.csv", {{"id", "sim-001", "l", "t"}})
           .has_value();
     },
     readable("devices.csv", fleet::read_devices_csv)},
    {"IdleMetrics",
     [](const fs::path& folder) {
       return metrics::write_idle(config::Data{folder}, 3, support::real_clock()).has_value();
     },
     whole_json("metrics.json")},
    {"Verification",
     [](const fs::path& folder) { return metrics::write_storage(folder, {}).has_value(); },
     whole_json("verification.json")},
    {"StopFlag",
     [](const fs::path& folder) {
       return control::raise_stop_flag(config::Data{folder}).has_value();
     },
     [](const fs::path&) { return ""; }},
    {"RunLock", take_lock, [](const fs::path&) { return ""; }},
    {"RunAndArchive", write_run, archive_trouble},
};

bool succeeds(const Writer& writer, const fs::path& folder) {
  try {
    return writer.write(folder);
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), support::ExitCode::usage) << error.what();
    return false;
  }
}

std::string leftovers(const fs::path& folder) {
  std::string found;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    const std::string name = file.path().filename();
    if (name.starts_with('.')) found += name + " ";
  }
  return found;
}

class FileFaults : public testing::TestWithParam<Writer> {
 protected:
  const Writer& writer = GetParam();

  std::vector<FileLayer::Record> steps() {
    const test::TempDir dir;
    FileLayer layer(dir.path());
    EXPECT_TRUE(succeeds(writer, dir.path()));
    return layer.records();
  }
  static std::string words(const std::vector<FileLayer::Record>& all, std::size_t n) {
    return "step " + std::to_string(n) + ": " + to_string(all[n].step) + " " + all[n].path.string();
  }
};

void PrintTo(const Writer& writer, std::ostream* out) {
  *out << writer.name;
}

TEST_P(FileFaults, AStepThatFailsIsReportedAndNothingWholeIsLost) {
  constexpr int errors[] = {ENOSPC, EIO, EROFS, EACCES};
  const auto all = steps();
  for (std::size_t n = 0; n < all.size(); ++n) {
    const int error = errors[n % std::size(errors)];
    SCOPED_TRACE(words(all, n) + ": " + std::strerror(error));
    const test::TempDir dir;
    {
      FileLayer layer(dir.path());
      layer.fail(n, all.size() * 4, error);  // and every later one, as a disk stays full
      // The folder is synced once the new file is in its place: a failure there is none of writing.
      const bool in_place = n + 1 == all.size() && all[n].step == FileLayer::Step::sync;
      EXPECT_EQ(succeeds(writer, dir.path()), in_place);
    }
    EXPECT_EQ(writer.trouble(dir.path()), "");
    EXPECT_EQ(leftovers(dir.path()), "");
    fs::remove_all(dir / "runs");  // every run writes a folder of its own
    EXPECT_TRUE(succeeds(writer, dir.path()));
  }
}

TEST_P(FileFaults, AStepThatFailsOnceLeavesFilesThatCanBeRead) {
  const auto all = steps();
  for (std::size_t n = 0; n < all.size(); ++n) {
    SCOPED_TRACE(words(all, n));
    const test::TempDir dir;
    {
      FileLayer layer(dir.path());
      layer.fail(n, n, ENOSPC);
      (void)succeeds(writer, dir.path());
    }
    EXPECT_EQ(writer.trouble(dir.path()), "");
    EXPECT_EQ(leftovers(dir.path()), "");
  }
}

TEST_P(FileFaults, KilledAtAnyStepItLeavesTheOldFileOrTheNewOne) {
  const auto all = steps();
  for (std::size_t n = 0; n < all.size(); ++n) {
    SCOPED_TRACE(words(all, n));
    const test::TempDir dir;
    const pid_t child = ::fork();
    if (child == 0) {
      FileLayer layer(dir.path());
      layer.die_at(n);
      (void)writer.write(dir.path());
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child lived";
    const std::string trouble = writer.trouble(dir.path());
    EXPECT_TRUE(trouble.empty() || trouble.ends_with("the last row is torn and left out"))
        << trouble;
    fs::remove_all(dir / "runs");
    EXPECT_TRUE(succeeds(writer, dir.path()));
  }
}

// What a power cut needs: no name points to bytes that are not on the disk.
TEST_P(FileFaults, WhatIsRenamedWasSyncedBeforeAndTheFolderIsSyncedAfter) {
  const auto all = steps();
  for (std::size_t n = 0; n < all.size(); ++n) {
    if (all[n].step != FileLayer::Step::rename) continue;
    ASSERT_GE(n, 2U);
    EXPECT_EQ(all[n - 1].step, FileLayer::Step::sync) << all[n].to;
    EXPECT_EQ(all[n - 1].path, all[n].path);
    ASSERT_LT(n + 1, all.size());
    EXPECT_EQ(all[n + 1].step, FileLayer::Step::sync) << all[n].to;
    EXPECT_EQ(all[n + 1].path, all[n].to.parent_path());
  }
}

TEST_P(FileFaults, AFolderThatGoesAwayInTheMiddleIsReported) {
  const test::TempDir dir;
  const fs::path folder = dir / "data";
  fs::create_directory(folder);
  ASSERT_TRUE(succeeds(writer, folder));
  fs::remove_all(folder);
  std::ofstream(folder) << "in the way";
  EXPECT_FALSE(succeeds(writer, folder));
}

INSTANTIATE_TEST_SUITE_P(Writers, FileFaults, testing::ValuesIn(writers),
                         [](const auto& writer) { return writer.param.name; });

}  // namespace
}  // namespace stresskit
