#include "dashboard/site.hpp"

#include "support/run_archive.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <thread>

namespace stresskit::dashboard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string run_id = "20261123T101500Z-4f2a";

class SiteTest : public testing::Test {
 protected:
  SiteTest() {
    fs::create_directories(web / "js" / "models");
    write(web / "index.html", "<!doctype html>");
    write(web / "js" / "models" / "banner.js", "export {};");
    write(web / "package.json", "{}");
    fs::create_directories(data / "runs" / run_id);
  }

  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

  Answer get(const std::string& path, std::map<std::string, std::string> query = {}) {
    return site.answer({.path = path, .query = std::move(query)});
  }

  json get_json(const std::string& path, std::map<std::string, std::string> query = {}) {
    return json::parse(get(path, std::move(query)).body);
  }

  json state() { return json::parse(get("/api/state").body); }

  test::TempDir dir;
  fs::path web = dir.path() / "web";
  fs::path data = dir.path() / "data";
  std::optional<control::ActiveRun> holder;
  std::string lock_trouble;
  Site site{{.host = "127.0.0.1", .port = 0, .refresh = 1500ms},
            data,
            web,
            [this] {
              if (!lock_trouble.empty()) {
                throw support::Error(support::ExitCode::usage, lock_trouble);
              }
              return holder;
            },
            support::real_clock()};
};

TEST_F(SiteTest, ServesThePageAndItsParts) {
  EXPECT_EQ(get("/").body, "<!doctype html>");
  EXPECT_EQ(get("/").type, "text/html; charset=utf-8");
  EXPECT_EQ(get("/js/models/banner.js").type, "text/javascript; charset=utf-8");
  EXPECT_FALSE(get("/").changes_often);
}

TEST_F(SiteTest, ALockThatCannotBeReadIsSaidInEveryAnswer) {
  lock_trouble = "cannot tell whether a run is active: data/run.lock: Permission denied";
  EXPECT_EQ(state()["state"], "broken");
  EXPECT_THAT(get_json("/api/summary")["banner"]["message"].get<std::string>(),
              HasSubstr("Permission denied"));
  EXPECT_THAT(site.answer({.path = "/metrics", .accept = "text/plain;version=0.0.4"}).body,
              HasSubstr("stresskit_state{state=\"broken\"} 1"));
}

TEST_F(SiteTest, NothingElseIsServed) {
  write(data / "tokens.json", R"({"sim-001":"secret"})");
  write(data / "devices.csv", "secret");
  write(data / "runs" / run_id / "devices.csv", "secret");
  for (const std::string path :
       {"/index.html", "/package.json", "/js", "/js/", "/js/models", "/js/../package.json",
        "/js/..%2fpackage.json", "/css/../../data/tokens.json", "/js/models/banner.js/", "//",
        "/tokens.json", "/devices.csv", "/data/tokens.json", "/api/tokens", "/metrics/", "/api",
        "/runs/20261123T101500Z-4f2a/devices.csv", ""}) {
    EXPECT_EQ(get(path).status, 404) << path;
    EXPECT_THAT(get(path).body, testing::Not(HasSubstr("secret"))) << path;
  }
  EXPECT_EQ(get(std::string("/js/models/banner.js\0.js", 24)).status, 404);
}

TEST_F(SiteTest, OnlyGetAndHeadAreAnswered) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"}) {
    EXPECT_EQ(site.answer({.method = method, .path = "/"}).status, 405);
  }
  EXPECT_EQ(site.answer({.method = "HEAD", .path = "/"}).status, 200);
}

TEST_F(SiteTest, WithAPasswordNothingIsShownWithoutIt) {
  write(data / "metrics.json", R"({"status":"idle"})");
  Site locked{{.host = "0.0.0.0", .password = "p:w", .refresh = 1500ms},
              data,
              web,
              [this] { return holder; },
              support::real_clock()};
  for (const char* path : {"/", "/js/models/banner.js", "/metrics", "/api/state", "/nowhere"}) {
    EXPECT_EQ(locked.answer({.path = path}).status, 401) << path;
    EXPECT_EQ(locked.answer({.path = path, .authorization = "Basic YTpwOng="}).status, 401);
    // "a:p:w": whatever name, and a colon belongs to the password.
    EXPECT_NE(locked.answer({.path = path, .authorization = "Basic YTpwOnc="}).status, 401) << path;
  }
  EXPECT_EQ(locked.answer({.path = "/healthz"}).status, 200);
}

TEST_F(SiteTest, MetricsAreTheBytesOfTheFile) {
  const std::string bytes = "{ \"status\" : \"idle\",\n \"more\": [1, 2.50] }\n";
  write(data / "metrics.json", bytes);
  EXPECT_EQ(get("/metrics").body, bytes);
  EXPECT_TRUE(get("/metrics").changes_often);
}

TEST_F(SiteTest, MissingMetricsAreNotFoundAndBrokenOnesUnavailable) {
  EXPECT_EQ(get("/metrics").status, 404);
  EXPECT_THAT(get("/metrics").body, HasSubstr("metrics.json"));
  write(data / "metrics.json", "{\"status\": \"runn");
  EXPECT_EQ(get("/metrics").status, 503);
  EXPECT_THAT(get("/metrics").body, testing::Not(HasSubstr(dir.path().string())));
}

TEST_F(SiteTest, UnchangedFileIsNotSentAgain) {
  write(data / "metrics.json", R"({"status":"idle"})");
  const std::string tag = get("/metrics").tag;
  const Request again{.path = "/metrics", .if_none_match = "W/\"x\", \"" + tag + '"'};
  EXPECT_EQ(site.answer(again).status, 304);
  EXPECT_EQ(site.answer(again).body, "");
  ASSERT_TRUE(support::replace_file(data / "metrics.json", R"({"status":"stopped"})"));
  EXPECT_EQ(site.answer(again).status, 200);
}

TEST_F(SiteTest, StateSaysWhatThePageNeeds) {
  const json missing = state();
  EXPECT_EQ(missing["state"], "missing");
  EXPECT_EQ(missing["run_id"], "");

  write(data / "metrics.json",
        R"({"status":"running","run_id":")" + run_id + R"(","updated_at":1})");
  EXPECT_EQ(state()["state"], "stale");
  EXPECT_EQ(state()["run_id"], run_id);

  holder = control::ActiveRun{.run_id = "20261124T101500Z-0001", .pid = 1};
  EXPECT_EQ(state()["reason"], "starting");
}

TEST_F(SiteTest, HostileTextInTheFileStaysJson) {
  write(data / "metrics.json", "{\"status\":\"idle\",\"message\":\"</script>\\u0000\\\"\"}");
  EXPECT_EQ(state()["message"], std::string("</script>\0\"", 11));
}

TEST_F(SiteTest, TimelineComesAsColumns) {
  write(data / "runs" / run_id / "timeline.csv",
        "unix_s,elapsed_s,connected\n10.5,0.25,5\n11.5,1.25,6\n12.5,2.2");
  const json whole = json::parse(get("/api/timeline", {{"run", run_id}}).body);
  EXPECT_EQ(whole["rows"], 2);
  EXPECT_EQ(whole["thinned"], false);
  EXPECT_THAT(whole["columns"]["elapsed_s"].get<std::vector<double>>(), ElementsAre(0.25, 1.25));
  EXPECT_EQ(whole["columns"]["connected"].dump(), "[5,6]");
  const json rest = json::parse(get("/api/timeline", {{"run", run_id}, {"from", "0.25"}}).body);
  EXPECT_THAT(rest["columns"]["elapsed_s"].get<std::vector<double>>(), ElementsAre(1.25));
}

TEST_F(SiteTest, TimelineRefusesWhatMakesNoSense) {
  EXPECT_EQ(get("/api/timeline").status, 404);  // no run is current
  EXPECT_EQ(get("/api/timeline", {{"run", "../" + run_id}}).status, 400);
  EXPECT_EQ(get("/api/timeline", {{"run", run_id + std::string(1, '\0')}}).status, 400);
  EXPECT_EQ(get("/api/timeline", {{"run", run_id}}).status, 404);
  write(data / "runs" / run_id / "timeline.csv", "elapsed_s\n1\n");
  for (const char* wrong : {"x", "nan", "inf", "1e999", "1 ", "-", "0x10"}) {
    EXPECT_EQ(get("/api/timeline", {{"run", run_id}, {"from", wrong}}).status, 400) << wrong;
  }
  for (const char* wrong : {"0", "-5", "9", "2001", "1e300"}) {
    EXPECT_EQ(get("/api/timeline", {{"run", run_id}, {"points", wrong}}).status, 400) << wrong;
  }
  EXPECT_EQ(get("/api/timeline", {{"run", run_id}, {"from", "-1e300"}, {"points", "10"}}).status,
            200);
  ASSERT_TRUE(
      support::replace_file(data / "runs" / run_id / "timeline.csv", "no header of ours\n"));
  EXPECT_EQ(get("/api/timeline", {{"run", run_id}}).status, 503);
}

TEST_F(SiteTest, RunsAndHealth) {
  EXPECT_EQ(json::parse(get("/api/runs").body)["runs"][0]["run_id"], run_id);
  EXPECT_EQ(json::parse(get("/healthz").body)["status"], "ok");
}

const char* const running =
    R"({"status":"running","run_id":"20261123T101500Z-4f2a","device_count":3,
  "updated_at":1, "devices":[{"name":"a"},{"name":"b","last_failure":5,"failure_reason":"auth"},
  {"name":"c","last_failure":9,"failure_reason":"tls"}], "bursts":[{"k":1,"spread_ms":2.5}],
  "failures":[]})";

TEST_F(SiteTest, SummaryLeavesOutWhatIsAskedForApart) {
  write(data / "metrics.json", running);
  const json summary = get_json("/api/summary");
  EXPECT_EQ(summary["banner"]["state"], "stale");
  EXPECT_EQ(summary["run_id"], run_id);
  EXPECT_EQ(summary["is_current"], true);
  EXPECT_EQ(summary["refresh_ms"], 1500);
  EXPECT_EQ(summary["metrics"]["device_count"], 3);
  EXPECT_TRUE(summary["metrics"].contains("failures"));
  for (const char* apart : {"devices", "bursts", "histogram_buckets"}) {
    EXPECT_FALSE(summary["metrics"].contains(apart)) << apart;
  }
}

TEST_F(SiteTest, WhoKnowsTheFiguresIsNotToldThemAgain) {
  write(data / "metrics.json", running);
  const std::string version = get_json("/api/summary")["version"];
  EXPECT_FALSE(get_json("/api/summary", {{"since", version}}).contains("metrics"));
  ASSERT_TRUE(support::replace_file(data / "metrics.json", R"({"status":"stopped"})"));
  EXPECT_EQ(get_json("/api/summary", {{"since", version}})["metrics"]["status"], "stopped");
}

TEST_F(SiteTest, SummaryStaysTheSameUntilAFileChanges) {
  write(data / "metrics.json", running);
  const std::string tag = get("/api/summary").tag;
  EXPECT_EQ(site.answer({.path = "/api/summary", .if_none_match = '"' + tag + '"'}).status, 304);
  write(data / "runs" / run_id / "events.ndjson",
        "{\"t\":1,\"type\":\"device\",\"device\":0,\"state\":\"connected\"}\n");
  EXPECT_EQ(site.answer({.path = "/api/summary", .if_none_match = '"' + tag + '"'}).status, 200);
}

TEST_F(SiteTest, AnEarlierRunIsToldFromItsSummary) {
  const std::string earlier = "20261122T101500Z-0001";
  write(data / "metrics.json", running);
  EXPECT_EQ(get("/api/summary", {{"run", earlier}}).status, 404);
  fs::create_directories(data / "runs" / earlier);
  write(data / "runs" / earlier / "config.json", R"({"device_count":7,"settings":{"A":"b"}})");
  const json killed = get_json("/api/summary", {{"run", earlier}});
  EXPECT_EQ(killed["banner"]["reason"], "earlier-killed");
  EXPECT_EQ(killed["metrics"]["device_count"], 7);
  write(data / "runs" / earlier / "summary.json", R"({"status":"stopped","device_count":9})");
  const json ended = get_json("/api/summary", {{"run", earlier}});
  EXPECT_EQ(ended["banner"]["reason"], "earlier");
  EXPECT_EQ(ended["is_current"], false);
  EXPECT_EQ(ended["metrics"]["device_count"], 9);
}

TEST_F(SiteTest, AKilledRunIsRebuiltFromItsRows) {
  write(data / "metrics.json", running);
  test::MadeRun killed;
  killed.run_id = "20261122T101500Z-0001";
  killed.killed = true;
  test::write_archive(data / "runs", killed);
  write(data / "runs" / killed.run_id / "names.json", R"(["one","two","three","four"])");
  json summary;
  const auto deadline = std::chrono::steady_clock::now() + 60s;  // it is made on another thread
  while (!summary["metrics"].contains("totals") && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
    summary = get_json("/api/summary", {{"run", killed.run_id}});
  }
  EXPECT_EQ(summary["banner"]["reason"], "earlier-killed");
  EXPECT_EQ(summary["metrics"]["totals"]["acknowledged"], 20);
  EXPECT_EQ(summary["metrics"]["latency_ms"]["ack_from_due"]["count"], 20);
  EXPECT_EQ(get_json("/api/incidents", {{"run", killed.run_id}, {"search", "three"}})["matching"],
            1);
}

TEST_F(SiteTest, AKilledRunWhoseFilesAreLinksIsNotRead) {
  test::MadeRun killed;
  killed.run_id = "20261122T101500Z-0001";
  killed.killed = true;
  const fs::path elsewhere = test::write_archive(dir / "elsewhere", killed);
  fs::create_directories(data / "runs" / killed.run_id);
  fs::create_symlink(elsewhere / "config.json", data / "runs" / killed.run_id / "config.json");
  for (int looks = 0; looks < 3; ++looks) {
    EXPECT_EQ(get_json("/api/summary", {{"run", killed.run_id}})["metrics"], json());
  }
}

TEST_F(SiteTest, WhatTheRunSawOfTheServerIsToldApart) {
  write(data / "metrics.json", running);
  EXPECT_EQ(get_json("/api/summary")["news"]["server"], "");
  write(data / "runs" / run_id / "config.json", R"({"started_at":100})");
  write(data / "runs" / run_id / "freshness.csv",
        "unix_s,device,k,age_ms\n101,a,1,250\n102,a,1,80\n103,a,1,80\n");
  EXPECT_NE(get_json("/api/summary")["news"]["server"], "");
  EXPECT_EQ(get_json("/api/server")["freshness"]["columns"]["age_ms"].dump(), "[250,80]");
}

TEST_F(SiteTest, AVerificationMadeAfterTheRunIsPartOfItsFigures) {
  write(data / "metrics.json", running);
  const std::string version = get_json("/api/summary")["version"];
  write(data / "runs" / run_id / "verification.json", R"({"state":"complete","stored":7})");
  const json summary = get_json("/api/summary", {{"since", version}});
  EXPECT_EQ(summary["metrics"]["verification"]["stored"], 7);
}

TEST_F(SiteTest, BurstsComeFromTheArchiveElseFromTheMetrics) {
  write(data / "metrics.json", running);
  EXPECT_EQ(get_json("/api/bursts")["columns"]["k"].dump(), "[1]");
  write(data / "runs" / run_id / "bursts.ndjson", "{\"k\":7,\"spread_ms\":1}\n{\"k\":8}\n");
  const json bursts = get_json("/api/bursts");
  EXPECT_EQ(bursts["columns"]["k"].dump(), "[7,8]");
  EXPECT_EQ(bursts["columns"]["spread_ms"].dump(), "[1,null]");
}

TEST_F(SiteTest, DevicesComeWholeFirstAndThenByTheirChanges) {
  write(data / "metrics.json", running);
  const fs::path events = data / "runs" / run_id / "events.ndjson";
  EXPECT_EQ(get_json("/api/devices")["states"], "ooo");
  write(events,
        "{\"t\":1,\"type\":\"device\",\"device\":1,\"state\":\"failed\",\"bucket\":\"auth\"}\n");
  const json whole = get_json("/api/devices");
  EXPECT_EQ(whole["states"], "ofo");
  EXPECT_EQ(get_json("/api/devices", {{"since", whole["next"].dump()}})["changes"], json::object());
  const json history = get_json("/api/device", {{"index", "1"}});
  EXPECT_EQ(history["name"], "b");
  EXPECT_EQ(history["history"][0]["state"], "failed");
  EXPECT_EQ(history["history"][0]["bucket"], "auth");
  EXPECT_EQ(get_json("/api/names")["names"].dump(), R"(["a","b","c"])");
}

TEST_F(SiteTest, IncidentsAreTheLatestFirst) {
  write(data / "metrics.json", running);
  const json incidents = get_json("/api/incidents");
  EXPECT_EQ(incidents["incidents"], 2);
  EXPECT_EQ(incidents["rows"][0]["name"], "c");
  EXPECT_EQ(get_json("/api/incidents", {{"search", "AUTH"}})["rows"][0]["name"], "b");
  EXPECT_EQ(get_json("/api/incidents", {{"sort", "name"}, {"order", "up"}})["rows"][0]["name"],
            "b");
}

TEST_F(SiteTest, QueriesThatMakeNoSenseAreRefused) {
  write(data / "metrics.json", running);
  for (const char* wrong : {"-1", "1.5", "x", "99999999999999999999", " 1", "1 "}) {
    EXPECT_EQ(get("/api/devices", {{"since", wrong}}).status, 400) << wrong;
    EXPECT_EQ(get("/api/bursts", {{"since", wrong}}).status, 400) << wrong;
    EXPECT_EQ(get("/api/device", {{"index", wrong}}).status, 400) << wrong;
  }
  EXPECT_EQ(get("/api/device").status, 400);
  EXPECT_EQ(get("/api/device", {{"index", "3"}}).status, 404);
  EXPECT_EQ(get("/api/device", {{"index", "18446744073709551615"}}).status, 404);
  EXPECT_EQ(get("/api/incidents", {{"sort", "token"}}).status, 400);
  EXPECT_EQ(get("/api/incidents", {{"order", "sideways"}}).status, 400);
  EXPECT_EQ(get("/api/incidents", {{"search", std::string(300, 'x')}}).status, 400);
  for (const std::string wrong : {"..", "../../etc", "20261123T101500Z-4f2a/..", "x"}) {
    for (const char* path : {"/api/summary", "/api/bursts", "/api/devices", "/api/names"}) {
      EXPECT_EQ(get(path, {{"run", wrong}}).status, 400) << path << wrong;
    }
  }
}

TEST_F(SiteTest, AReportIsServedAndNothingBesideIt) {
  const std::string folder = "/runs/" + run_id;
  EXPECT_EQ(get(folder + "/report.html").status, 404);
  write(data / "runs" / run_id / "report.html", "<p>report");
  write(data / "runs" / run_id / "config.json", "{}");
  write(data / "report.html", "secret");
  EXPECT_EQ(get(folder + "/report.html").body, "<p>report");
  EXPECT_TRUE(get(folder + "/report.html").is_report);
  for (const std::string& path :
       {folder, folder + "/", folder + "/config.json", folder + "/x/report.html",
        std::string("/runs/../report.html"), std::string("/runs//report.html"),
        std::string("/runs/report.html")}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST_F(SiteTest, MetricsComeAsTextForThoseWhoAskForIt) {
  write(data / "metrics.json", running);
  const Answer text = site.answer({.path = "/metrics", .accept = "text/plain;version=0.0.4;q=0.3"});
  EXPECT_THAT(text.type, HasSubstr("version=0.0.4"));
  EXPECT_THAT(text.body, HasSubstr("stresskit_devices 3"));
  EXPECT_EQ(site.answer({.path = "/metrics", .accept = "application/json"}).body, running);
  EXPECT_EQ(site.answer({.path = "/metrics", .accept = "*/*"}).body, running);
}

}  // namespace
}  // namespace stresskit::dashboard
