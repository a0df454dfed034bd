#include "support/run_archive.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/metrics/run_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <sys/stat.h>

namespace stresskit::metrics {
namespace {

using test::MadeRun;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ReadRun : public testing::Test {
 protected:
  std::string text(const std::string& name) {
    std::ostringstream out;
    out << std::ifstream(folder / name, std::ios::binary).rdbuf();
    return out.str();
  }
  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder / name, std::ios::binary) << text;
  }
  void make(const MadeRun& run) { folder = test::write_archive(dir.path(), run); }
  RunRecord read() {
    auto record = read_run(folder);
    EXPECT_TRUE(record) << (record ? "" : record.error());
    return record ? std::move(*record) : RunRecord();
  }
  std::string error() {
    const auto record = read_run(folder);
    return record ? "" : record.error();
  }
  /// Replaces line `n`, from 1.
  void replace_line(const std::string& name, std::size_t n, const std::string& with) {
    std::istringstream in(text(name));
    std::string out;
    std::string line;
    for (std::size_t i = 1; std::getline(in, line); ++i) {
      out += (i == n ? with : line) + "\n";
    }
    put(name, out);
  }

  void replace_all(const std::string& name, const std::string& what, const std::string& with) {
    std::string rows = text(name);
    for (std::size_t at = 0; (at = rows.find(what, at)) != std::string::npos; at += with.size()) {
      rows.replace(at, what.size(), with);
    }
    put(name, rows);
  }

  test::TempDir dir;
  std::filesystem::path folder = dir / "missing";
};

TEST_F(ReadRun, TakesInWhatTheServerSaidAndHowFreshItsStoreWas) {
  make({});
  put("server.ndjson",
      R"({"unix_s":1764000001,"source":"usage","lag_s":60,"transport_messages":5,"storage_points":9})"
      "\n"
      R"({"unix_s":1764000002,"source":"usage","lag_s":60,"transport_messages":25,"storage_points":9})"
      "\n[]\n"
      R"({"unix_s":1764000003,"source":"queue","server_ts_ms":7,"queue":"Main","timed_out":4})"
      "\n");
  put("freshness.csv",
      "unix_s,device,k,age_ms\n1764000001.5,sim-001,3,510\n1764000002.5,sim-001,,x\n"
      "1764000003.5,sim-001,,1510\n");
  const RunRecord record = read();
  ASSERT_EQ(record.server.size(), 3U);
  EXPECT_EQ(record.server[2].queue, "Main");
  EXPECT_EQ(record.server[2].server_ts_ms, 7);
  EXPECT_EQ(record.last.server.usage->transport_messages, 20U);
  EXPECT_EQ(record.last.server.queues->timed_out, 4U);
  EXPECT_FALSE(record.last.server.live);
  ASSERT_EQ(record.freshness.size(), 2U);
  EXPECT_EQ(record.freshness[0].k, 3U);
  EXPECT_EQ(record.freshness[1].age_ms, 1'510);
  EXPECT_THAT(record.gaps, ElementsAre("freshness.csv: row 3 cannot be read",
                                       "server.ndjson: row 3 cannot be read"));
}

TEST_F(ReadRun, RebuildsAWholeRun) {
  MadeRun run;
  run.outcome = [](std::uint64_t k, std::uint64_t i) {
    return k == 2 && i == 1 ? Outcome::lost : Outcome::acknowledged;
  };
  make(run);
  const RunRecord record = read();
  EXPECT_THAT(record.gaps, IsEmpty());
  EXPECT_FALSE(record.killed);
  EXPECT_EQ(record.last.status, Status::stopped);
  EXPECT_EQ(record.last.bursts.size(), 5U);
  EXPECT_EQ(record.last.totals.planned(), 20U);
  EXPECT_EQ(record.last.totals.lost(), 1U);
  EXPECT_EQ(record.last.measured, record.last.totals);
  EXPECT_EQ(record.last.ack_from_due.count, 19U);
  EXPECT_EQ(record.last.spread.count, 5U);
  EXPECT_EQ(record.last.devices.size(), 4U);
  EXPECT_EQ(record.last.devices[1].name, "sim-002");
  EXPECT_EQ(record.last.devices[1].counters.lost(), 1U);
  EXPECT_EQ(record.last.bursts[2].counters.lost(), 1U);
  EXPECT_EQ(record.timeline.size(), 5U);
  EXPECT_EQ(record.last.verdict.kind, VerdictKind::refused);
  EXPECT_THAT(record.settings, Contains(testing::Pair("MQTT_HOST", "127.0.0.1")));
}

TEST_F(ReadRun, WarmUpStaysOutOfLatencyAndMeasured) {
  MadeRun run;
  run.warmup = 2;
  run.ack_us = [](std::uint64_t k, std::uint64_t) { return k < 2 ? 900'000U : 1'000U; };
  make(run);
  const RunRecord record = read();
  EXPECT_EQ(record.last.totals.planned(), 20U);
  EXPECT_EQ(record.last.measured.planned(), 12U);
  EXPECT_EQ(record.last.ack_from_due.count, 12U);
  EXPECT_EQ(record.last.ack_from_due.max, 1.0);
  EXPECT_TRUE(record.last.bursts[1].warmup);
  EXPECT_FALSE(record.last.bursts[2].warmup);
}

// The run's own verdict left the warm-up out; the one made anew from its rows must, too.
TEST_F(ReadRun, AColdStartInTheWarmUpIsNoTroubleInTheArchiveEither) {
  for (const bool killed : {false, true}) {
    MadeRun run;
    run.killed = killed;
    run.bursts = 20;
    run.warmup = 2;
    run.ack_us = [](std::uint64_t k, std::uint64_t) { return k < 2 ? 1'800'000U : 1'000U; };
    make(run);
    replace_all("bursts.ndjson", "\"warmup\"", "\"warmup\",\"late\"");
    const Snapshot last = read().last;
    EXPECT_FALSE(last.behind_from);
    EXPECT_EQ(last.behind_bursts, 0U);
    EXPECT_EQ(last.generator.late_bursts, 0U);
    EXPECT_EQ(last.verdict.kind, VerdictKind::kept_up) << last.verdict.sentence;
  }
}

// One late burst of ten is too many, however many warm-up bursts stand before them.
TEST_F(ReadRun, TheGeneratorOfAKilledRunIsJudgedByItsMeasuredBursts) {
  MadeRun run;
  run.killed = true;
  run.bursts = 210;
  run.warmup = 200;
  make(run);
  std::string rows = text("bursts.ndjson");
  rows.replace(rows.rfind("\"marks\":[]"), 10, "\"marks\":[\"late\"]");
  put("bursts.ndjson", rows);
  EXPECT_TRUE(read().last.generator.was_bottleneck);
}

TEST_F(ReadRun, StagesHaveTheirOwnFigures) {
  MadeRun run;
  run.stages = {{2, 0}, {4, 3}};
  run.ack_us = [](std::uint64_t k, std::uint64_t) { return k < 3 ? 1'000U : 2'000U; };
  make(run);
  const RunRecord record = read();
  ASSERT_EQ(record.last.stages.size(), 2U);
  EXPECT_EQ(record.last.stages[0].bursts_due, 3U);
  EXPECT_EQ(record.last.stages[0].totals.planned(), 6U);
  EXPECT_EQ(record.last.stages[0].ack_from_due.p50, 1.0);
  EXPECT_EQ(record.last.stages[1].totals.planned(), 8U);
  EXPECT_EQ(record.last.stages[1].ack_from_due.p50, 2.0);
  EXPECT_EQ(record.last.bursts[3].stage, 1U);
}

TEST_F(ReadRun, WhatWasNeverAcknowledgedHasItsAgeInTheLadderOfThresholds) {
  MadeRun run;
  run.outcome = [](std::uint64_t k, std::uint64_t i) {
    return k == 4 && i == 3 ? Outcome::unacknowledged : Outcome::acknowledged;
  };
  make(run);
  const RunRecord record = read();
  EXPECT_EQ(record.last.ack_from_due.count, 19U);
  EXPECT_EQ(record.last.ack_from_due_with_open.count, 20U);
  EXPECT_NEAR(record.last.ack_from_due_with_open.max, 2'000, 5);  // due at 6 s, ended at 8 s
  EXPECT_EQ(record.last.ack_from_write_with_open.count, 20U);
  replace_all("config.json", "\"written\"", "\"queued\"");
  EXPECT_EQ(read().last.ack_from_write_with_open.count, 19U) << "of rows that an older kit wrote";
}

TEST_F(ReadRun, AKilledRunIsRebuiltFromItsRows) {
  MadeRun run;
  run.killed = true;
  run.failures = {{{fleet::Stage::publish, fleet::Bucket::network, "reset", std::nullopt}, 3}};
  run.collapses = {{1.5, std::nullopt}};
  make(run);
  const RunRecord record = read();
  EXPECT_TRUE(record.killed);
  EXPECT_THAT(record.gaps, Contains(HasSubstr("no summary: the run was killed")));
  EXPECT_THAT(record.gaps, Contains("devices.csv is missing"));
  EXPECT_EQ(record.last.totals.acknowledged(), 20U);
  EXPECT_EQ(record.last.bursts_due, 5U);
  EXPECT_EQ(record.last.connected, 4U);
  EXPECT_NEAR(record.last.elapsed_s, 6.9, 0.01);
  EXPECT_EQ(record.last.failures.at(0).count, 3U);
  EXPECT_EQ(record.last.collapses.at(0).at_s, 1.5);
  EXPECT_EQ(record.last.devices.size(), 4U);
  EXPECT_EQ(record.last.devices[0].state, DeviceState::connected);
}

TEST_F(ReadRun, AKilledRunWasBehindWhereMessagesWaitedLongerThanAnInterval) {
  MadeRun run;
  run.killed = true;
  make(run);
  // As kill -9 leaves it when the server answers nothing from burst 2 on.
  for (const std::size_t settled : {10U, 8U, 6U}) {
    replace_line("bursts.ndjson", settled, "");
  }
  const Snapshot last = read().last;
  EXPECT_EQ(last.behind_from, 2U);
  EXPECT_EQ(last.behind_bursts, 2U) << "the answers of burst 4 had time until its end";
  EXPECT_EQ(last.verdict.kind, VerdictKind::behind);
}

TEST_F(ReadRun, AKilledRunSaysThatDevicesWereNotConnected) {
  MadeRun run;
  run.killed = true;
  run.outcome = [](std::uint64_t k, std::uint64_t i) {
    return k > 0 && i < 2 ? Outcome::not_sent : Outcome::acknowledged;
  };
  make(run);
  EXPECT_FALSE(read().last.refused_from) << "an older kit did not tell why they were skipped";
  replace_all("bursts.ndjson", "\"skipped\":2,", "\"skipped\":2,\"not_connected\":2,");
  const Snapshot last = read().last;
  EXPECT_EQ(last.refused_from, 1U);
  EXPECT_EQ(last.verdict.kind, VerdictKind::refused);
}

TEST_F(ReadRun, ATornLastRowIsLeftOut) {
  make({});
  const std::string whole = text("bursts.ndjson");
  put("bursts.ndjson", whole.substr(0, whole.size() - 20));
  const RunRecord record = read();
  EXPECT_THAT(record.gaps, Contains("bursts.ndjson: the last row is torn and left out"));
  EXPECT_EQ(record.last.bursts.size(), 5U);  // its first row is there, still in flight
  EXPECT_EQ(record.last.bursts[4].counters.in_flight(), 4U);
}

TEST_F(ReadRun, RowsThatCannotBeReadAreNamedAndTheRestCounts) {
  make({});
  replace_line("bursts.ndjson", 1, "{\"k\": 0, \"due\"");
  replace_line("bursts.ndjson", 2, "[]");
  const RunRecord record = read();
  EXPECT_THAT(record.gaps, Contains("bursts.ndjson: rows 1, 2 cannot be read"));
  EXPECT_THAT(record.gaps, Contains("bursts.ndjson: burst 0 is missing"));
  EXPECT_THAT(record.gaps, Contains("bursts.ndjson holds 16 of 20 planned messages"));
  EXPECT_EQ(record.last.bursts.size(), 4U);
}

TEST_F(ReadRun, CountersThatDoNotAddUpAreNotBelieved) {
  make({});
  std::string broken = text("bursts.ndjson");
  const std::size_t at = broken.rfind("\"lost\":0");
  broken.replace(at, 8, "\"lost\":9");
  put("bursts.ndjson", broken);
  EXPECT_THAT(read().gaps, Contains("bursts.ndjson: row 10 cannot be read"));
}

TEST_F(ReadRun, MissingHistogramRowsAreFoundByCounting) {
  make({});
  replace_line("histograms.ndjson", 5, "");
  const RunRecord record = read();
  EXPECT_THAT(record.gaps, Contains("histograms.ndjson holds 16 of 20 acknowledgements"));
}

TEST_F(ReadRun, AHoleInTheTimelineIsNamed) {
  make({});
  replace_line("timeline.csv", 4, "1,2");
  replace_line("timeline.csv", 3, "x,y");
  EXPECT_THAT(read().gaps, AllOf(Contains("timeline.csv: rows 3, 4 cannot be read"),
                                 Contains("timeline.csv: no row between 3 s and 6 s")));
}

TEST_F(ReadRun, EachFileMayBeMissingEmptyOrGarbage) {
  const std::string garbage("\x00\xff\x80{{{\n\"\n,,,\xfe\n\x7f", 15);
  for (const std::string name : {"bursts.ndjson", "histograms.ndjson", "timeline.csv",
                                 "events.ndjson", "devices.csv", "summary.json"}) {
    make({});
    std::filesystem::remove(folder / name);
    EXPECT_THAT(read().gaps, Contains(HasSubstr(name == "summary.json" ? "no summary" : name)));
    put(name, "");
    EXPECT_THAT(read().gaps, Contains(name + " is empty"));
    put(name, garbage);
    EXPECT_THAT(read().gaps, Contains(HasSubstr(name))) << name;
  }
}

TEST_F(ReadRun, WhatIsNoFileIsNamedAndNotWaitedFor) {
  make({});
  std::filesystem::create_directory(folder / "server.ndjson");
  ASSERT_EQ(::mkfifo((folder / "freshness.csv").c_str(), 0600), 0);
  EXPECT_THAT(read().gaps, ElementsAre("freshness.csv is no file that can be read",
                                       "server.ndjson is no file that can be read"));
}

// The lengths a kill or a full disk can leave: no crash, and what is whole counts.
TEST_F(ReadRun, SurvivesTruncationAnywhere) {
  MadeRun run;
  run.devices = 2;
  run.bursts = 2;
  make(run);
  for (const std::string name : {"bursts.ndjson", "histograms.ndjson", "timeline.csv",
                                 "events.ndjson", "devices.csv", "summary.json"}) {
    const std::string whole = text(name);
    for (std::size_t size = 0; size < whole.size() - 1; size += 19) {
      put(name, whole.substr(0, size));
      const auto record = read_run(folder);
      ASSERT_TRUE(record) << name << " at " << size;
      EXPECT_LE(record->last.bursts.size(), 2U);
    }
    put(name, whole);
  }
  EXPECT_THAT(read().gaps, IsEmpty());
}

TEST_F(ReadRun, ValuesNobodyWritesAreRefused) {
  make({});
  replace_line("histograms.ndjson", 5,
               R"({"t":1,"metric":"spread","max_us":1,"sum_us":1,"counts":[99999999999,1]})");
  replace_line("histograms.ndjson", 6,
               R"({"t":1,"metric":"spread","max_us":1,"sum_us":1,"counts":[-5,1]})");
  replace_line("histograms.ndjson", 7, R"({"t":1,"metric":"nonsense","counts":[1,1]})");
  EXPECT_THAT(read().gaps, Contains("histograms.ndjson: rows 5, 6, 7 cannot be read"));
  // Just beyond an hour: that row is left out, and the others of its kind still count.
  replace_line("histograms.ndjson", 5,
               R"({"t":1,"metric":"spread","max_us":1,"sum_us":1,"counts":[23552,1]})");
  replace_line("histograms.ndjson", 6,
               R"({"t":1,"metric":"spread","max_us":3600000001,"sum_us":1,"counts":[9,1]})");
  const RunRecord record = read();
  EXPECT_THAT(record.gaps, Contains("histograms.ndjson: rows 5, 6, 7 cannot be read"));
  EXPECT_GT(record.last.spread.count, 0U);
  replace_line("bursts.ndjson", 10, R"({"k":4,"due":1e999,"planned":0})");
  EXPECT_THAT(read().gaps, Contains("bursts.ndjson: row 10 cannot be read"));
}

TEST_F(ReadRun, ANewerSchemaIsAnErrorThatSaysSo) {
  make({});
  put("config.json", R"({"schema_version": 2, "version": "9.1.0"})");
  EXPECT_THAT(error(), AllOf(HasSubstr("schema version 2"), HasSubstr("9.1.0")));
}

TEST_F(ReadRun, WithoutAConfigurationNothingCanBeSaid) {
  EXPECT_THAT(error(), HasSubstr("there is no run"));
  make({});
  put("config.json", "{");
  EXPECT_THAT(error(), HasSubstr("config.json cannot be read"));
  std::filesystem::remove(folder / "config.json");
  EXPECT_THAT(error(), HasSubstr("config.json"));
}

TEST_F(ReadRun, AStopEndsIt) {
  make({});
  std::stop_source stop;
  EXPECT_TRUE(read_run(folder, stop.get_token()));
  stop.request_stop();
  EXPECT_FALSE(read_run(folder, stop.get_token()));
}

TEST_F(ReadRun, MessagesSayWhatBecameOfEachDevice) {
  MadeRun run;
  run.devices = 5;
  run.outcome = [](std::uint64_t k, std::uint64_t i) { return static_cast<Outcome>((k + i) % 4); };
  make(run);
  const auto messages = read_messages(folder);
  ASSERT_TRUE(messages);
  EXPECT_THAT(messages->at(1),
              ElementsAre(Outcome::acknowledged, Outcome::lost, Outcome::unacknowledged,
                          Outcome::not_sent, Outcome::acknowledged));
}

TEST_F(ReadRun, ATornRecordOfMessagesIsLeftOut) {
  make({});
  const std::string whole = text("messages.bin");
  put("messages.bin", whole.substr(0, whole.size() - 1));
  EXPECT_EQ(read_messages(folder)->size(), 4U);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put("messages.bin", whole.substr(0, size));
    EXPECT_EQ(read_messages(folder).has_value(), size >= 12);
  }
  put("messages.bin", "not such a file");
  EXPECT_THAT(read_messages(folder).error(), HasSubstr("does not begin"));
  put("messages.bin", std::string("TSKM\x02\0\0\0\1\0\0\0", 12));
  EXPECT_THAT(read_messages(folder).error(), HasSubstr("version 2"));
}

}  // namespace
}  // namespace stresskit::metrics
