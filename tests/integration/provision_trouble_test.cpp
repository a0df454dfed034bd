#include "integration/provision_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <string>

namespace stresskit::provision {
namespace {

using support::ExitCode;
using testing::HasSubstr;

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

}  // namespace
}  // namespace stresskit::provision
