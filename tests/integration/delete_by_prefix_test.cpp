#include "stresskit/provision/delete_by_prefix.hpp"

#include "support/manual_clock.hpp"
#include "support/tiny_thingsboard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <set>
#include <string>

namespace stresskit::provision {
namespace {

using namespace std::chrono_literals;
using support::ExitCode;
using test::ScriptedServer;
using test::TinyThingsBoard;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Reply = TinyThingsBoard::Reply;
using Request = TinyThingsBoard::Request;

class DeleteByPrefix : public testing::Test {
 protected:
  DeleteByPrefix() {
    settings_.concurrency = 4;
    settings_.retries = 5;
    settings_.retry_delay = 2s;
    for (const char* name : {"sim-001", "sim-002", "sim-003", "sim-1000", "simple", "Sim-001",
                             "my-sim-001", "plant"}) {
      static_cast<void>(board_.add(name));
    }
  }

  DeletionReport run(const std::string& prefix, const DeletionWishes& wishes = {}) {
    config::ThingsBoard server;
    server.url = board_.url();
    server.username = board_.user;
    server.password = board_.password;
    server.timeout = 20s;
    return delete_by_prefix(prefix, settings_, server, wishes, clock_, stop_.get_token());
  }

  TinyThingsBoard board_;
  test::ManualClock clock_;
  config::Provisioning settings_;
  std::stop_source stop_;
};

TEST_F(DeleteByPrefix, DeletesOnlyWhatReallyBeginsWithIt) {
  const DeletionReport report = run("sim-");
  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_EQ(report.deleted, 4U);
  const auto left = board_.devices();
  EXPECT_THAT(left, SizeIs(4));
  for (const char* name : {"simple", "Sim-001", "my-sim-001", "plant"}) {
    EXPECT_TRUE(left.contains(name)) << name;
  }
}

TEST_F(DeleteByPrefix, NothingToDeleteIsDone) {
  const DeletionReport report = run("none");
  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_EQ(report.found, 0U);
  EXPECT_EQ(summary(report), "no device begins with \"none\": nothing to delete\n");
}

TEST_F(DeleteByPrefix, EmptyOrBlankPrefixIsRefusedBeforeTheServerIsAsked) {
  for (const char* prefix : {"", " ", "\t "}) {
    try {
      static_cast<void>(run(prefix));
      FAIL() << "no error";
    } catch (const support::Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
    }
  }
  EXPECT_TRUE(board_.server().requests().empty());
}

TEST_F(DeleteByPrefix, DryRunOnlyLists) {
  DeletionWishes wishes;
  wishes.dry_run = true;
  const DeletionReport report = run("sim-", wishes);
  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_THAT(report.names, ElementsAre("sim-001", "sim-002", "sim-003", "sim-1000"));
  EXPECT_THAT(board_.devices(), SizeIs(8));
  EXPECT_EQ(nlohmann::json::parse(to_json(report)).at("devices").size(), 4U);
}

TEST_F(DeleteByPrefix, AsksWithNumberAndNamesAndTakesNoForAnAnswer) {
  DeletionWishes wishes;
  std::string asked;
  wishes.confirm = [&](const std::string& question) {
    asked = question;
    return false;
  };
  const DeletionReport report = run("sim-", wishes);
  EXPECT_EQ(asked, "delete 4 devices with prefix \"sim-\": sim-001, sim-002, sim-003, sim-1000?");
  EXPECT_EQ(report.code, ExitCode::partial);
  EXPECT_EQ(report.not_tried, 4U);
  EXPECT_THAT(board_.devices(), SizeIs(8));
}

TEST_F(DeleteByPrefix, GoesAheadWhenConfirmed) {
  DeletionWishes wishes;
  wishes.confirm = [](const std::string&) { return true; };
  EXPECT_EQ(run("sim-", wishes).deleted, 4U);
}

TEST_F(DeleteByPrefix, DevicesThatVanishMeanwhileAreFine) {
  board_.before([](const Request& request) -> std::optional<Reply> {
    static int deletes = 0;
    return request.method == "DELETE" && ++deletes == 2
               ? std::optional(TinyThingsBoard::error(404, 32, "is not found"))
               : std::nullopt;
  });
  const DeletionReport report = run("sim-");
  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_EQ(report.deleted, 3U);
  EXPECT_EQ(report.gone, 1U);
}

TEST_F(DeleteByPrefix, ListsWhatIsLeft) {
  const std::string second = board_.devices().at("sim-002").id;
  board_.before([second](const Request& request) -> std::optional<Reply> {
    return request.path == "/api/device/" + second
               ? std::optional(
                     TinyThingsBoard::error(400, 31, "Can't delete device that has entity views"))
               : std::nullopt;
  });
  const DeletionReport report = run("sim-");
  EXPECT_EQ(report.code, ExitCode::partial);
  EXPECT_EQ(report.deleted, 3U);
  EXPECT_THAT(summary(report), HasSubstr("1 device left on the server:"));
  EXPECT_THAT(summary(report), HasSubstr("entity views (400, code 31): sim-002"));
}

TEST_F(DeleteByPrefix, RetriesPassingTrouble) {
  std::set<std::string> seen;  // each deletion is refused once, whatever their order
  board_.before([&](const Request& request) -> std::optional<Reply> {
    return request.method == "DELETE" && seen.insert(request.path).second
               ? std::optional(Reply{503, "", "", {}, ScriptedServer::Ending::close})
               : std::nullopt;
  });
  EXPECT_EQ(run("sim-").code, ExitCode::done);
}

TEST_F(DeleteByPrefix, StopSaysHowMuchWasNotTried) {
  settings_.concurrency = 1;
  board_.after([&](const Request& request, Reply&) {
    if (request.method == "DELETE") {
      stop_.request_stop();
    }
  });
  const DeletionReport report = run("sim-");
  EXPECT_EQ(report.code, ExitCode::partial);
  EXPECT_EQ(report.ended_early, "interrupted");
  EXPECT_GE(report.not_tried, 3U);
}

TEST_F(DeleteByPrefix, NeverMoreThanEightAtOnce) {
  settings_.concurrency = 64;
  for (int i = 0; i < 40; ++i) {
    static_cast<void>(board_.add("many-" + std::to_string(i)));
  }
  EXPECT_EQ(run("many-").deleted, 40U);
  EXPECT_LE(board_.server().connections(), 9);
}

}  // namespace
}  // namespace stresskit::provision
