#include "stresskit/report/outputs.hpp"

#include "support/run_archive.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/report/thresholds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <sstream>

namespace stresskit::report {
namespace {

using metrics::RunRecord;
using test::MadeRun;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

RunRecord recorded(const MadeRun& run, const std::vector<std::string>& thresholds = {}) {
  const test::TempDir dir;
  auto record = metrics::read_run(test::write_archive(dir.path(), run)).value();
  record.last.thresholds = Thresholds::parse(thresholds).judge(record.last);
  return record;
}

/// What a device, a server or a settings file could put into a report.
MadeRun hostile() {
  MadeRun run;
  run.name = [](std::uint64_t) { return "<script>alert('\"&')</script>\x01\xff|`[x](y)"; };
  run.outcome = [](std::uint64_t, std::uint64_t i) {
    return i == 0 ? metrics::Outcome::lost : metrics::Outcome::acknowledged;
  };
  run.failures = {{{fleet::Stage::publish, fleet::Bucket::network,
                    "</td><img src=http://x onerror=a()>\n| @all \xc3\x28", std::nullopt},
                   7}};
  run.settings = {{"MQTT_HOST", "\"><b onmouseover=x>"}};
  return run;
}

TEST(Outcome, IsGoodWhenTheThresholdsSaySo) {
  MadeRun run;
  EXPECT_TRUE(outcome(recorded(run)).good);
  EXPECT_EQ(outcome(recorded(run, {"lost==0"})).word, "passed");
  EXPECT_EQ(outcome(recorded(run, {"lost==1"})).word, "threshold crossed");
  run = hostile();
  EXPECT_FALSE(outcome(recorded(run)).good) << "messages were lost";
  EXPECT_TRUE(outcome(recorded(run, {"lost<=5"})).good) << "as many as the user accepts";
}

// Thresholds that hold outweigh a server in trouble, never a run that says nothing about it.
TEST(Outcome, FollowsTheVerdictUnlessThresholdsHold) {
  using enum metrics::VerdictKind;
  const std::vector<std::tuple<metrics::VerdictKind, std::string, bool>> rows{
      {nothing, "no result", false},    {generator, "generator was the bottleneck", false},
      {not_stored, "not stored", true}, {collapsed, "collapsed", true},
      {refused, "refused", true},       {behind, "fell behind", true},
      {unanswered, "unanswered", true}};
  const RunRecord unjudged = recorded({});
  const RunRecord holding = recorded({}, {"lost==0"});
  for (const auto& [kind, word, good_by_thresholds] : rows) {
    for (RunRecord run : {unjudged, holding}) {
      run.last.verdict.kind = kind;
      EXPECT_EQ(outcome(run).word, word);
      EXPECT_EQ(outcome(run).good, good_by_thresholds && !run.last.thresholds.empty()) << word;
    }
  }
  RunRecord broken = holding;
  broken.last.balanced = false;
  EXPECT_FALSE(outcome(broken).good) << "figures that disagree prove nothing";
}

TEST(Junit, HasACaseForEachThresholdTheLedgerAndTheGenerator) {
  pugi::xml_document document;
  const RunRecord run = recorded({}, {"lost==0", "ack_p99<1us"});
  ASSERT_TRUE(document.load_string(junit(run).c_str()));
  const auto suite = document.child("testsuites").child("testsuite");
  EXPECT_EQ(suite.attribute("tests").as_int(), 4);
  EXPECT_EQ(suite.attribute("failures").as_int(), 1);
  const auto crossed = suite.find_child_by_attribute("testcase", "name", "ack_p99<1us");
  EXPECT_THAT(crossed.child("failure").attribute("message").as_string(), HasSubstr("crossed"));
  EXPECT_TRUE(suite.find_child_by_attribute("testcase", "name", "the ledger adds up"));
  EXPECT_TRUE(suite.find_child_by_attribute("testcase", "name", "the generator kept up"));
}

TEST(Junit, BlamesLedgerAndGenerator) {
  RunRecord run = recorded({});
  run.last.verdict = {metrics::VerdictKind::generator, "the generator was the bottleneck"};
  EXPECT_THAT(junit(run), HasSubstr("failures=\"1\""));
  run.last.balanced = false;
  EXPECT_THAT(junit(run), HasSubstr("devices and bursts disagree"));
}

TEST(Junit, StorageIsACaseOnceItWasVerified) {
  RunRecord run = recorded({});
  EXPECT_THAT(junit(run), Not(HasSubstr("everything acknowledged is stored\"")));
  run.last.storage.state = metrics::Storage::State::complete;
  EXPECT_THAT(junit(run), AllOf(HasSubstr("name=\"everything acknowledged is stored\""),
                                HasSubstr("failures=\"0\"")));
  run.last.storage.acknowledged = 20;
  run.last.storage.missing_acknowledged = 3;
  EXPECT_THAT(junit(run), HasSubstr("missing_acknowledged: 3 of 20"));
}

TEST(Outputs, EachSaysWhichSideBrokeFirst) {
  RunRecord run = recorded({});
  run.last.broke_first = {metrics::Side::rule_engine, 7, "300 of 600 messages <timed> out"};
  EXPECT_THAT(html(run), HasSubstr("rule engine first, from burst 7: 300 of 600 messages "
                                   "&lt;timed&gt; out"));
  EXPECT_THAT(markdown(run), HasSubstr("What broke: rule engine first, from burst 7"));
  EXPECT_THAT(junit(run), HasSubstr("what broke: rule engine first"));
}

TEST(Html, NamesTheLimitsThatWereMetAndWhereToChangeThem) {
  RunRecord run = recorded({});
  run.last.limits = {{"Messages <per device>", "12 connections ended", "tenant profile"}};
  EXPECT_THAT(html(run), AllOf(HasSubstr("Limits that were probably met"),
                               HasSubstr("Messages &lt;per device&gt;"),
                               HasSubstr("12 connections ended"), HasSubstr("tenant profile")));
}

TEST(Html, ShowsBothSidesOnOneTimeline) {
  RunRecord run = recorded({});
  const double start = run.last.started_at;
  for (int i = 0; i < 3; ++i) {
    run.freshness.push_back({start + i, "sim-001", 1, 900.0 + i});
    metrics::ServerRow usage{start + i, "usage", 60};
    usage.figures = {{"transport_messages", 10.0 * i},
                     {"transport_points", 50.0 * i},
                     {"storage_points", 40.0 * i}};
    run.server.push_back(usage);
    metrics::ServerRow queue{start + i, "queue", 60};
    queue.queue = "Main";
    queue.figures = {{"total", 10.0 * i}, {"timed_out", 1.0 * i}};
    run.server.push_back(queue);
  }
  run.last.server.usage =
      metrics::ServerSide::Usage{.transport_messages = 20, .transport_points = 100};
  const std::string page = html(run);
  EXPECT_THAT(page, AllOf(HasSubstr("Age of the newest stored message"),
                          HasSubstr("accepted and stored by the server"), HasSubstr("queue Main"),
                          HasSubstr(">stored</span>"), HasSubstr("up to 60 s older"),
                          HasSubstr("<h2>What the server said")));
}

TEST(Html, BeginsWithTheVerdictAndHoldsEveryPart) {
  MadeRun run;
  run.stages = {{2, 0}, {4, 3}};
  run.bursts = 8;
  run.outcome = [](std::uint64_t k, std::uint64_t) {
    return k == 7 ? metrics::Outcome::lost : metrics::Outcome::acknowledged;
  };
  run.failures = {{{fleet::Stage::publish, fleet::Bucket::network, "reset", std::nullopt}, 3}};
  const std::string page = html(recorded(run, {"ack_p99<250ms"}));
  std::size_t before = 0;
  for (const std::string part :
       {"class=\"verdict", "class=\"tiles\"", "ack_p99&lt;250ms",
        "Acknowledged after due, by burst", "Spread and release", "Percentiles", "Devices by state",
        "Failures by stage", "<h2>Stages", "<h2>Times", "Every message ends", "<h2>Our own side",
        "Devices in trouble", "<h2>Settings"}) {
    const std::size_t at = page.find(part);
    ASSERT_NE(at, std::string::npos) << part;
    EXPECT_GT(at, before) << part;
    before = at;
  }
}

TEST(Html, AsksNobodyForAnythingAndEscapesEverything) {
  const std::string page = html(recorded(hostile()));
  EXPECT_THAT(page,
              AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<img")), Not(HasSubstr("<b onmouse")),
                    Not(HasSubstr("src=\"")), Not(HasSubstr("href")), Not(HasSubstr("url(")),
                    Not(HasSubstr("@import"))));
  EXPECT_THAT(page, AllOf(HasSubstr("&lt;script&gt;"), HasSubstr("default-src 'none'")));
  EXPECT_EQ(page.find('\x01'), std::string::npos);
  EXPECT_EQ(page.find('\xff'), std::string::npos);
}

// A browser and a printer take it as well-formed markup.
TEST(Html, ClosesWhatItOpens) {
  std::string page = html(recorded(hostile(), {"lost==0"}));
  for (const std::string hollow : {"<meta charset=\"utf-8\">",
                                   "<meta name=\"viewport\" "
                                   "content=\"width=device-width,initial-scale=1\">"}) {
    page.erase(page.find(hollow), hollow.size());
  }
  page.erase(0, page.find('\n'));  // XML spells its doctype in capitals
  const std::size_t policy = page.find("<meta http-equiv");
  page.erase(policy, page.find('>', policy) + 1 - policy);
  pugi::xml_document document;
  const auto result = document.load_string(page.c_str(), pugi::parse_default | pugi::parse_doctype);
  EXPECT_TRUE(result) << result.description() << " at "
                      << page.substr(static_cast<std::size_t>(result.offset), 80);
}

TEST(Html, AnEmptyRunIsToldToo) {
  MadeRun run;
  run.bursts = 0;
  run.killed = true;
  const std::string page = html(recorded(run, {"lost==0"}));
  EXPECT_THAT(page, AllOf(HasSubstr("Parts of this run are missing"), HasSubstr("no data"),
                          HasSubstr("Of a run that never ended: no burst was due")));
}

// Whatever its length, the page stays one that a mail takes.
TEST(Html, StaysSmall) {
  MadeRun run;
  run.bursts = 3'000;
  run.devices = 2;
  EXPECT_LT(html(recorded(run)).size(), 300'000U);
}

TEST(Html, TheLedgerOfAKilledRunNamesWhatWasInFlight) {
  MadeRun run;
  run.outcome = [](std::uint64_t, std::uint64_t) { return metrics::Outcome::unacknowledged; };
  RunRecord killed = recorded(run);
  EXPECT_THAT(html(killed), HasSubstr("<tr><th>in flight</th><td class=\"n\">0</td>"));
  killed.last.qos = 0;
  EXPECT_THAT(html(killed), Not(HasSubstr("<th>in flight</th>")));
}

// Nothing is acknowledged there, so what was sent counts, and times are a dash.
TEST(Outputs, StagesOfQosZeroCountWhatWasSent) {
  MadeRun run;
  run.qos = 0;
  run.stages = {{2, 0}, {4, 3}};
  const RunRecord record = recorded(run);
  EXPECT_THAT(markdown(record), AllOf(HasSubstr("| stage | devices | bursts | sent |"),
                                      HasSubstr("| 1 | 2 | 3 | 6 of 6 | - | - |")));
  EXPECT_THAT(html(record), AllOf(HasSubstr("planned</th><th class=\"n\">sent</th>"),
                                  HasSubstr("<td class=\"n\">6</td><td class=\"n\">6</td>"
                                            "<td class=\"n\">-</td>")));
}

TEST(Markdown, LatenciesAreOfTheMessagesAfterTheWarmUp) {
  MadeRun run;
  run.warmup = 2;
  EXPECT_THAT(markdown(recorded(run)), HasSubstr("(12 of 12) |"));
}

TEST(Markdown, IsSafeInAComment) {
  const std::string text = markdown(recorded(hostile(), {"lost==0"}));
  EXPECT_THAT(text, AllOf(HasSubstr("✗ crossed"), HasSubstr("&#64;all"), HasSubstr("\\<img"),
                          Not(HasSubstr("@all"))));
}

TEST(Markdown, TellsStagesAndWhatIsMissing) {
  MadeRun run;
  run.stages = {{2, 0}, {4, 3}};
  run.bursts = 8;
  RunRecord record = recorded(run);
  record.gaps = {"bursts.csv: 2 rows | cannot be read"};
  const std::string text = markdown(record);
  EXPECT_THAT(text,
              AllOf(HasSubstr("| stage | devices | bursts |"), HasSubstr("\n| 1 | 2 | 3 |"),
                    HasSubstr("\n| 2 | 4 | 5 |"), HasSubstr("> missing: bursts.csv: 2 rows")));
}

TEST(Csv, HasARowForEachBurstAndEachDevice) {
  const RunRecord run = recorded(hostile());
  const std::string bursts = bursts_csv(run);
  EXPECT_EQ(std::count(bursts.begin(), bursts.end(), '\n'), 6);
  EXPECT_THAT(bursts, HasSubstr("\r\n2,1764000004.000,0,0,0,0,0,0.120,0.802,4,4,0,4,0,3,1,0,0,"));
  const std::string devices = devices_csv(run);
  EXPECT_EQ(std::count(devices.begin(), devices.end(), '\n'), 5);
  EXPECT_THAT(devices, HasSubstr("\"<script>alert('\"\"&')"));
}

/// A plotter of HdrHistogram takes the lines with four numbers: value and 1/(1-percentile).
std::vector<std::pair<double, double>> plotted(const std::string& table) {
  std::vector<std::pair<double, double>> points;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    double value = 0;
    double percentile = 0;
    double count = 0;
    double inverse = 0;
    if (line[0] != '#' && words >> value >> percentile >> count >> inverse) {
      points.emplace_back(value, inverse);
      EXPECT_NEAR(inverse, 1 / (1 - percentile), inverse * 1e-2);
    }
  }
  return points;
}

TEST(Hgrm, IsReadAsAPlotterOfHdrHistogramReadsIt) {
  metrics::Histogram histogram;
  for (int us = 1; us <= 10'000; ++us) {
    histogram.record_us(us);
  }
  const std::string table = hgrm(histogram);
  const auto points = plotted(table);
  ASSERT_GT(points.size(), 50U);
  for (const auto& [value, inverse] : points) {
    EXPECT_NEAR(value, 10 * (1 - 1 / inverse), 0.02);
  }
  EXPECT_THAT(table, AllOf(HasSubstr("       Value     Percentile TotalCount 1/(1-Percentile)\n"),
                           HasSubstr("      10.000 1.000000000000      10000\n#[Mean"),
                           HasSubstr("#[Mean    =        5.0"),
                           HasSubstr("Total count    =        10000]\n#[Buckets =")));
}

TEST(Hgrm, OfOneValueOrNoneIsATableToo) {
  metrics::Histogram histogram;
  EXPECT_THAT(hgrm(histogram), HasSubstr("Total count    =            0]"));
  histogram.record_us(1'500);
  EXPECT_THAT(hgrm(histogram), HasSubstr("       1.500 1.000000000000          1\n"));
}

}  // namespace
}  // namespace stresskit::report
