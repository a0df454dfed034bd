#include "integration/provision_fixture.hpp"

#include "stresskit/fleet/devices_csv.hpp"
#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <filesystem>

namespace stresskit::provision {
namespace {

using support::ExitCode;
using testing::HasSubstr;

TEST_F(Provision, MakesTheFleetWithItsAttributes) {
  const Report report = run();

  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_EQ(report.created, 10U);
  expect_tokens_of_server(10);
  const auto devices = board_.devices();
  const TinyThingsBoard::Device& seventh = devices.at("sim-007");
  EXPECT_EQ(seventh.label, "sim-lab");
  EXPECT_EQ(seventh.type, "sensor");
  EXPECT_EQ(seventh.attributes.at("batch"), "\"sim-20261123\"");
  EXPECT_EQ(seventh.attributes.at("group"), "\"sim\"");
  EXPECT_EQ(seventh.attributes.at("index"), "7");
  const auto rows = fleet::read_devices_csv(data_.devices());
  ASSERT_TRUE(rows) << rows.error();
  ASSERT_EQ(rows->size(), 10U);
  EXPECT_EQ((*rows)[6].device_id, seventh.id);
  EXPECT_EQ((*rows)[6].access_token, seventh.token);
  EXPECT_EQ((*rows)[6].label, "sim-lab");
}

TEST_F(Provision, NeedsTwoRequestsForANewDeviceAndOneLogIn) {
  static_cast<void>(run());
  EXPECT_EQ(writes(), 20U);
  EXPECT_EQ(board_.server().count("POST", "/api/auth/login"), 1U);
  EXPECT_LE(board_.server().connections(), 5);
}

TEST_F(Provision, RepeatedCommandWritesNothing) {
  static_cast<void>(run());
  const auto before = board_.devices();
  const std::size_t written = writes();

  const Report report = run();

  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_EQ(report.reused, 10U);
  EXPECT_EQ(report.updated, 0U);
  EXPECT_EQ(writes(), written);
  expect_tokens_of_server(10);
}

TEST_F(Provision, ExistingDevicesKeepTheirTokenAndGetWhatDiffers) {
  static_cast<void>(board_.add("sim-002", "old"));
  TinyThingsBoard::Device& third = board_.add("sim-003");
  third.label = "sim-lab";
  third.attributes = {{"batch", "\"sim-20200101\""}, {"group", "\"sim\""}, {"index", "9"}};

  const Report report = run();

  EXPECT_EQ(report.created, 8U);
  EXPECT_EQ(report.reused, 2U);
  EXPECT_EQ(report.updated, 2U);
  const auto devices = board_.devices();
  EXPECT_EQ(devices.at("sim-002").token, "token-of-sim-002");
  EXPECT_EQ(devices.at("sim-002").type, "sensor");
  EXPECT_EQ(devices.at("sim-002").label, "sim-lab");
  EXPECT_EQ(devices.at("sim-003").attributes.at("batch"), "\"sim-20200101\"");
  EXPECT_EQ(devices.at("sim-003").attributes.at("index"), "3");
  expect_tokens_of_server(10);
}

TEST_F(Provision, NamesThatOnlyContainThePrefixAreLeftAlone) {
  for (const char* name : {"my-sim-001", "SIM-001", "sim-1", "simulator-001"}) {
    static_cast<void>(board_.add(name, "other"));
  }
  const Report report = run();
  EXPECT_EQ(report.created, 10U);
  EXPECT_EQ(report.left_on_server, 0U);
  EXPECT_EQ(board_.devices().at("SIM-001").type, "other");
}

TEST_F(Provision, LettersOfAnyLanguageSurvive) {
  fleet_.prefix = "Fühler传";
  static_cast<void>(board_.add("Fühler传-002"));
  const Report report = run();
  EXPECT_EQ(report.created, 9U);
  EXPECT_EQ(report.reused, 1U);
  expect_tokens_of_server(10);
  EXPECT_EQ(fleet::read_devices_csv(data_.devices())->front().name, "Fühler传-001");
}

TEST_F(Provision, FirstDeviceIsMadeAloneWhenItMakesTheProfile) {
  fleet_.type = "brand-new";
  std::atomic<int> creations = 0;
  std::atomic<bool> parallel_before_profile = false;
  board_.before([&](const Request& request) -> std::optional<Reply> {
    if (creates(request) && ++creations == 1) {
      // Fails once: the next one is alone, too.
      return TinyThingsBoard::error(400, 31, "Validation error: odd");
    }
    const auto profiles = board_.profiles();
    const bool made = std::find(profiles.begin(), profiles.end(), "brand-new") != profiles.end();
    parallel_before_profile = parallel_before_profile || (creations > 2 && !made);
    return std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.created, 9U);
  EXPECT_FALSE(parallel_before_profile);
}

TEST_F(Provision, ProfileIdDecidesAndTheTypeIsNotSent) {
  board_.add_profile("by-id");
  static_cast<void>(board_.add("other", "by-id"));
  fleet_.profile_id = board_.devices().at("other").profile_id;
  // People paste ids in either case.
  std::transform(fleet_.profile_id.begin(), fleet_.profile_id.end(), fleet_.profile_id.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  static_cast<void>(board_.add("sim-001", "old"));
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_EQ(board_.devices().at("sim-001").type, "by-id");
  EXPECT_EQ(board_.devices().at("sim-002").type, "by-id");
  for (const Request& request : board_.server().requests()) {
    if (creates(request)) {
      EXPECT_FALSE(nlohmann::json::parse(request.body).contains("type"));
    }
  }
}

TEST_F(Provision, UnknownProfileIdIsFoundBeforeTheFirstDevice) {
  fleet_.profile_id = "11111111-1dd2-11b2-8080-808080808080";
  try {
    static_cast<void>(run());
    FAIL() << "no error";
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr(fleet_.profile_id));
  }
  EXPECT_EQ(writes(), 0U);
}

TEST_F(Provision, WithoutTypeTheDefaultProfileIsUsed) {
  fleet_.type = "";
  static_cast<void>(board_.add("sim-001", "old"));
  const Report report = run();
  EXPECT_EQ(report.updated, 1U);
  EXPECT_EQ(board_.devices().at("sim-001").type, "default");
  EXPECT_EQ(board_.devices().at("sim-002").type, "default");
}

TEST_F(Provision, SmallerCountLeavesTheOthersOnTheServerAndSaysSo) {
  static_cast<void>(run());
  fleet_.count = 4;
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_EQ(report.left_on_server, 6U);
  EXPECT_EQ(board_.devices().size(), 10U);
  expect_tokens_of_server(4);
  EXPECT_THAT(summary(report), HasSubstr("6 devices with a number above 4 stay on the server"));
}

TEST_F(Provision, BrokenFilesAreWrittenAnew) {
  std::filesystem::create_directories(data_.dir);
  ASSERT_TRUE(support::replace_file(data_.tokens(), "{\"sim-001\": "));
  ASSERT_TRUE(support::replace_file(data_.devices(), "nonsense"));
  EXPECT_EQ(run().code, ExitCode::done);
  expect_tokens_of_server(10);
}

TEST_F(Provision, UnwritableDataDirectoryIsFoundBeforeTheServerIsAsked) {
  ASSERT_TRUE(support::replace_file(folder_.path() / "data", "a file"));
  EXPECT_THROW(static_cast<void>(run()), support::Error);
  EXPECT_TRUE(board_.server().requests().empty());
}

TEST_F(Provision, JsonSaysTheSameAsTheReport) {
  const Report report = run();
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json.at("status"), "done");
  EXPECT_EQ(json.at("created"), 10);
  EXPECT_EQ(json.at("device_count"), 10);
}

}  // namespace
}  // namespace stresskit::provision
