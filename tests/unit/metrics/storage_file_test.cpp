#include "stresskit/metrics/storage_file.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::metrics {
namespace {

Storage sample() {
  Storage s;
  s.state = Storage::State::complete;
  s.acknowledged = 60;
  s.stored = 58;
  s.missing_acknowledged = 3;
  s.stored_unacknowledged = 1;
  s.settled_s = 1.25;
  s.missing_from = 17;
  s.missing.push_back({2, "sim-003", 17, 1'782'736'017.5});
  s.hint = "why";
  return s;
}

TEST(StorageFile, WhatIsWrittenIsWhatIsRead) {
  const test::TempDir dir;
  ASSERT_TRUE(write_storage(dir.path(), sample()));
  const auto read = read_storage(dir.path());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->state, Storage::State::complete);
  EXPECT_EQ(read->stored, 58U);
  EXPECT_EQ(read->missing_acknowledged, 3U);
  EXPECT_EQ(read->stored_unacknowledged, 1U);
  EXPECT_EQ(read->settled_s, 1.25);
  EXPECT_EQ(read->missing_from, 17U);
  EXPECT_EQ(read->hint, "why");
  ASSERT_EQ(read->missing.size(), 1U);
  EXPECT_EQ(read->missing[0].name, "sim-003");
  EXPECT_EQ(read->missing[0].k, 17U);
}

TEST(StorageFile, TheSummaryOfTheRunIsBroughtUpToDate) {
  const test::TempDir dir;
  const auto path = dir.path() / "summary.json";
  Snapshot run;
  run.run_id = "a-run";
  ASSERT_TRUE(support::replace_file(path, to_json(run)));
  ASSERT_TRUE(write_late_storage(dir.path(), sample()));
  const auto summary = nlohmann::json::parse(support::read_file(path).value());
  EXPECT_EQ(summary["run_id"], "a-run");
  EXPECT_EQ(summary["totals"]["stored"], 58);
  EXPECT_EQ(summary["totals"]["missing_acknowledged"], 3);
  EXPECT_EQ(summary["verification"]["state"], "complete");
}

TEST(StorageFile, ABrokenFileIsNoResult) {
  const test::TempDir dir;
  EXPECT_FALSE(read_storage(dir.path()));
  ASSERT_TRUE(support::replace_file(dir.path() / "verification.json", "{\"state\": \"complete\"}"));
  EXPECT_FALSE(read_storage(dir.path()));
}

TEST(StorageFile, ARunThatWasNotVerifiedSaysNothingAboutStorage) {
  const auto json = nlohmann::json::parse(to_json(Snapshot{}));
  EXPECT_FALSE(json.contains("verification"));
  EXPECT_FALSE(json["totals"].contains("stored"));
}

}  // namespace
}  // namespace stresskit::metrics
