#include "dashboard/site.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

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
    return site.answer({.path = path, .query = std::move(query), .if_none_match = ""});
  }

  json state() { return json::parse(get("/api/state").body); }

  test::TempDir dir;
  fs::path web = dir.path() / "web";
  fs::path data = dir.path() / "data";
  std::optional<control::ActiveRun> holder;
  Site site{{.host = "127.0.0.1", .port = 0, .refresh = 1500ms},
            data,
            web,
            [this] { return holder; },
            support::real_clock()};
};

TEST_F(SiteTest, ServesThePageAndItsParts) {
  EXPECT_EQ(get("/").body, "<!doctype html>");
  EXPECT_EQ(get("/").type, "text/html; charset=utf-8");
  EXPECT_EQ(get("/js/models/banner.js").type, "text/javascript; charset=utf-8");
  EXPECT_FALSE(get("/").changes_often);
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
    EXPECT_EQ(site.answer({.method = method, .path = "/", .query = {}, .if_none_match = ""}).status,
              405);
  }
  EXPECT_EQ(site.answer({.method = "HEAD", .path = "/", .query = {}, .if_none_match = ""}).status,
            200);
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
  const Request again{.path = "/metrics", .query = {}, .if_none_match = "W/\"x\", \"" + tag + '"'};
  EXPECT_EQ(site.answer(again).status, 304);
  EXPECT_EQ(site.answer(again).body, "");
  ASSERT_TRUE(support::replace_file(data / "metrics.json", R"({"status":"stopped"})"));
  EXPECT_EQ(site.answer(again).status, 200);
}

TEST_F(SiteTest, StateSaysWhatThePageNeeds) {
  const json missing = state();
  EXPECT_EQ(missing["state"], "missing");
  EXPECT_EQ(missing["run_id"], "");
  EXPECT_EQ(missing["refresh_ms"], 1500);

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
  EXPECT_EQ(get("/api/timeline").status, 400);
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
  write(data / "runs" / run_id / "timeline.csv", "no header of ours\n");
  EXPECT_EQ(get("/api/timeline", {{"run", run_id}}).status, 503);
}

TEST_F(SiteTest, RunsAndHealth) {
  EXPECT_EQ(json::parse(get("/api/runs").body)["runs"][0]["run_id"], run_id);
  EXPECT_EQ(json::parse(get("/healthz").body)["status"], "ok");
}

}  // namespace
}  // namespace stresskit::dashboard
