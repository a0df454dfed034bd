#include "stresskit/provision/provision.hpp"

#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"
#include "support/tiny_thingsboard.hpp"

#include "stresskit/fleet/devices_csv.hpp"
#include "stresskit/fleet/tokens.hpp"
#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
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
using Ending = ScriptedServer::Ending;
using Reply = TinyThingsBoard::Reply;
using Request = TinyThingsBoard::Request;

class Provision : public testing::Test {
 protected:
  Provision() {
    fleet_.prefix = "sim";
    fleet_.count = 10;
    fleet_.label = "sim-lab";
    fleet_.type = "sensor";
    settings_.concurrency = 4;
    settings_.retries = 5;
    settings_.retry_delay = 2s;
    data_.dir = folder_.path() / "data";
    server_.username = board_.user;
    server_.password = board_.password;
    server_.timeout = 20s;
    board_.add_profile("sensor");
  }

  Report run() {
    server_.url = board_.url();
    thingsboard::Session session(server_, clock_);
    return provision(fleet_, settings_, data_, session, clock_, stop_.get_token());
  }

  /// The tokens in the file must be those of the server.
  void expect_tokens_of_server(std::size_t count) {
    const auto tokens = fleet::read_tokens(data_.tokens());
    ASSERT_TRUE(tokens) << tokens.error();
    EXPECT_EQ(tokens->size(), count);
    const auto devices = board_.devices();
    for (const fleet::Device& device : *tokens) {
      ASSERT_TRUE(devices.contains(device.name)) << device.name;
      EXPECT_EQ(device.token, devices.at(device.name).token);
    }
  }

  [[nodiscard]] std::size_t writes() {
    const auto requests = board_.server().requests();
    return static_cast<std::size_t>(
        std::count_if(requests.begin(), requests.end(), [](const Request& request) {
          return request.method != "GET" && !request.path.starts_with("/api/auth/");
        }));
  }

  TinyThingsBoard board_;
  test::TempDir folder_;
  test::ManualClock clock_;
  config::Fleet fleet_;
  config::Provisioning settings_;
  config::Data data_;
  config::ThingsBoard server_;
  std::stop_source stop_;
};

bool creates(const Request& request) {
  return request.method == "POST" && request.path == "/api/device" &&
         request.query.contains("accessToken");
}

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

TEST_F(Provision, PassingTroubleIsRetriedWithoutMakingADeviceTwice) {
  std::atomic<int> trouble = 0;
  board_.after([&](const Request& request, Reply& reply) {
    if (!creates(request)) {
      return;
    }
    switch (++trouble) {  // each after its effect: the device was made all the same
      case 1:
        reply = {502, "<html>bad gateway</html>", "text/html", {}, Ending::close};
        break;
      case 3:
        reply.ending = Ending::cut;
        break;
      case 5:
        reply = {504, "", "", {}, Ending::keep};
        break;
      case 7:
        reply = TinyThingsBoard::error(429, 33, "Too many requests for current tenant!");
        break;
      default:
        break;
    }
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::done) << summary(report);
  EXPECT_EQ(report.created, 10U);
  expect_tokens_of_server(10);
}

TEST_F(Provision, TroubleBeforeAnyEffectIsRetriedToo) {
  std::set<std::string> seen;  // each request is refused once, whatever their order
  board_.before([&](const Request& request) -> std::optional<Reply> {
    const std::string key = request.method + request.path + request.body;
    return !request.path.starts_with("/api/auth") && seen.insert(key).second
               ? std::optional(Reply{503, "", "", {}, Ending::close})
               : std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::done) << summary(report);
  expect_tokens_of_server(10);
}

TEST_F(Provision, RetriesHaveAnEnd) {
  settings_.retries = 2;
  fleet_.count = 1;
  board_.before([&](const Request& request) -> std::optional<Reply> {
    return creates(request) ? std::optional(Reply{503, "", "", {}, Ending::close}) : std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::partial);
  EXPECT_EQ(board_.server().count("POST", "/api/device"), 3U);
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_EQ(report.failed.front().name, "sim-001");
  EXPECT_THAT(report.failed.front().reason, HasSubstr("503"));
}

TEST_F(Provision, RefusalsAreNotRetried) {
  board_.before([&](const Request& request) -> std::optional<Reply> {
    const bool one = creates(request) && request.body.find("sim-002") != std::string::npos;
    const bool two = creates(request) && request.body.find("sim-004") != std::string::npos;
    return one   ? std::optional(TinyThingsBoard::error(500, 2, "JSON parse error"))
           : two ? std::optional(TinyThingsBoard::error(400, 31, "Validation error: x"))
                 : std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::partial);
  EXPECT_EQ(report.created, 8U);
  EXPECT_EQ(board_.server().count("POST", "/api/device"), 10U);
  ASSERT_EQ(report.failed.size(), 2U);
  EXPECT_EQ(report.failed[0].name, "sim-002");
  EXPECT_EQ(report.failed[1].name, "sim-004");
  EXPECT_THAT(summary(report),
              HasSubstr("1 x refused: Validation error: x (400, code 31): sim-004"));
}

TEST_F(Provision, TakenTokenIsReplacedByAnother) {
  std::atomic<int> refusals = 0;
  board_.before([&](const Request& request) -> std::optional<Reply> {
    return creates(request) && ++refusals == 1
               ? std::optional(TinyThingsBoard::error(
                     400, 31, "Device credentials are already assigned to another device!"))
               : std::nullopt;
  });
  EXPECT_EQ(run().code, ExitCode::done);
  expect_tokens_of_server(10);
}

TEST_F(Provision, DeviceMadeBySomebodyElseMeanwhileIsTaken) {
  board_.before([&](const Request& request) -> std::optional<Reply> {
    if (creates(request) && request.body.find("sim-005") != std::string::npos &&
        !board_.devices().contains("sim-005")) {
      static_cast<void>(board_.add("sim-005"));
    }
    return std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::done);
  EXPECT_EQ(report.reused, 1U);
  EXPECT_EQ(board_.devices().at("sim-005").token, "token-of-sim-005");
  expect_tokens_of_server(10);
}

TEST_F(Provision, QuotaEndsTheMakingAndKeepsWhatExists) {
  for (const char* name : {"sim-008", "sim-009"}) {
    static_cast<void>(board_.add(name));
  }
  std::atomic<int> made = 0;
  board_.before([&](const Request& request) -> std::optional<Reply> {
    return creates(request) && ++made > 3
               ? std::optional(TinyThingsBoard::error(403, 41, "Devices limit reached"))
               : std::nullopt;
  });
  settings_.concurrency = 1;
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::partial);
  EXPECT_EQ(report.created, 3U);
  EXPECT_EQ(report.reused, 2U);
  EXPECT_EQ(report.failed.size(), 5U);
  EXPECT_EQ(made, 4);
  expect_tokens_of_server(5);
  EXPECT_THAT(summary(report), HasSubstr("Devices limit reached (403, code 41)"));
}

TEST_F(Provision, WrongPasswordEndsItWithoutTouchingTheFiles) {
  std::filesystem::create_directories(data_.dir);
  ASSERT_TRUE(fleet::write_tokens(data_.tokens(), {{"sim-001", "old"}}));
  server_.password = "wrong";
  try {
    static_cast<void>(run());
    FAIL() << "no error";
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unreachable);
    EXPECT_THAT(error.what(), HasSubstr("wrong user name or password"));
  }
  EXPECT_EQ(fleet::read_tokens(data_.tokens())->front().token, "old");
}

TEST_F(Provision, CustomerUserIsToldToBeATenantAdministrator) {
  board_.set_authority("CUSTOMER_USER");
  try {
    static_cast<void>(run());
    FAIL() << "no error";
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unreachable);
    EXPECT_THAT(error.what(), HasSubstr("CUSTOMER_USER"));
  }
}

TEST_F(Provision, LogsInAgainWhenTheTokenExpiresInTheMiddle) {
  std::atomic<int> calls = 0;
  std::string valid = "signature1";
  board_.before([&](const Request& request) -> std::optional<Reply> {
    const auto header = request.headers.find("x-authorization");
    if (header == request.headers.end()) {
      return std::nullopt;
    }
    if (++calls == 10) {
      valid = "signature2";
    }
    return header->second.ends_with(valid)
               ? std::nullopt
               : std::optional(TinyThingsBoard::error(401, 11, "Token has expired"));
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::done) << summary(report);
  EXPECT_EQ(report.created, 10U);
  expect_tokens_of_server(10);
}

TEST_F(Provision, LostSessionEndsItAtOnce) {
  std::atomic<int> calls = 0;
  board_.before([&](const Request& request) -> std::optional<Reply> {
    return !request.path.starts_with("/api/auth/login") && ++calls > 8
               ? std::optional(TinyThingsBoard::error(401, 11, "Token has expired"))
               : std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::unreachable);
  EXPECT_GT(report.not_tried, 0U);
  EXPECT_LE(board_.server().count("POST", "/api/auth/login"), 2U);
}

TEST_F(Provision, ServerThatIsGoneDoesNotCostEveryDeviceItsRetries) {
  fleet_.count = 100;
  std::atomic<int> made = 0;
  board_.before([&](const Request& request) -> std::optional<Reply> {
    return creates(request) && ++made > 20 ? std::optional(Reply{503, "", "", {}, Ending::close})
                                           : std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::partial);
  EXPECT_GT(report.not_tried, 50U);
  EXPECT_THAT(report.ended_early, HasSubstr("does not answer any more"));
  EXPECT_EQ(report.created + report.failed.size() + report.not_tried, 100U);
}

TEST_F(Provision, StopKeepsWhatWasMadeAndTheNextRunFinishes) {
  std::atomic<int> made = 0;
  board_.after([&](const Request& request, Reply&) {
    if (creates(request) && ++made == 5) {
      stop_.request_stop();
    }
  });
  const Report first = run();
  EXPECT_EQ(first.code, ExitCode::partial);
  EXPECT_EQ(first.ended_early, "interrupted");
  EXPECT_GT(first.not_tried, 0U);
  EXPECT_TRUE(first.failed.empty());

  board_.after(nullptr);
  stop_ = std::stop_source();
  const Report second = run();
  EXPECT_EQ(second.code, ExitCode::done);
  EXPECT_EQ(second.created + second.reused, 10U);
  EXPECT_EQ(board_.devices().size(), 10U);
  expect_tokens_of_server(10);
}

TEST_F(Provision, TokensOfDevicesThatCouldNotBeAskedAreKept) {
  static_cast<void>(run());
  settings_.retries = 0;
  board_.before([&](const Request& request) -> std::optional<Reply> {
    return request.path.ends_with("/credentials")
               ? std::optional(Reply{503, "", "", {}, Ending::close})
               : std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::partial);
  expect_tokens_of_server(10);
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

TEST_F(Provision, ForeignCredentialsAreAFailureOfThatDevice) {
  board_.add("sim-003").credentials_type = "X509_CERTIFICATE";
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::partial);
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_THAT(report.failed.front().reason, HasSubstr("X509_CERTIFICATE"));
}

TEST_F(Provision, DeviceWithoutItsAttributesFailsButKeepsItsToken) {
  board_.before([&](const Request& request) -> std::optional<Reply> {
    return request.path.ends_with("/SERVER_SCOPE") && request.method == "POST"
               ? std::optional(Reply{400, "Invalid JSON", "text/plain;charset=UTF-8", {}, {}})
               : std::nullopt;
  });
  const Report report = run();
  EXPECT_EQ(report.code, ExitCode::partial);
  EXPECT_EQ(report.failed.size(), 10U);
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
