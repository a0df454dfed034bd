#include "integration/thingsboard_caller.hpp"
#include "support/scripted_server.hpp"
#include "support/tiny_thingsboard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace stresskit::thingsboard {
namespace {

using namespace std::chrono_literals;
using test::ScriptedServer;
using test::TinyThingsBoard;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Ending = ScriptedServer::Ending;
using Reply = ScriptedServer::Reply;
using Request = ScriptedServer::Request;

/// Why a log-in fails at a server that answers everything with `reply`.
ApiError log_in_failure(const Reply& reply) {
  ScriptedServer server([&](const Request&) { return reply; });
  Caller caller(settings(server.url()));
  const auto answer = caller.client.log_in();
  EXPECT_FALSE(answer);
  return answer ? ApiError() : answer.error();
}

TEST(ClientLogIn, TellsWhoItIs) {
  TinyThingsBoard board;
  Caller caller(settings(board.url()));
  ASSERT_TRUE(caller.client.log_in());
  EXPECT_EQ(caller.session.authority(), tenant_administrator);
  const auto user = caller.client.who_am_i();
  ASSERT_TRUE(user);
  EXPECT_EQ(user->email, "tenant@example.org");
  EXPECT_EQ(user->tenant_id, "t-1");
  EXPECT_EQ(caller.client.server_info()->version, "4.3.1.3");
}

TEST(ClientLogIn, EveryRefusalHasItsKind) {
  const auto error = [](int status, int code, const char* message) {
    return log_in_failure(TinyThingsBoard::error(status, code, message)).kind;
  };
  EXPECT_EQ(error(401, 10, "Invalid username or password"), ErrorKind::wrong_password);
  EXPECT_EQ(error(401, 10, "User account is not active"), ErrorKind::account_inactive);
  EXPECT_EQ(error(401, 10, "User account is locked due to security policy"),
            ErrorKind::account_inactive);
  EXPECT_EQ(error(401, 15, "User password expired!"), ErrorKind::password_expired);
}

TEST(ClientLogIn, SecondFactorIsNoLogIn) {
  const ApiError error = log_in_failure({200, R"({"token":"x","scope":"PRE_VERIFICATION_TOKEN"})"});
  EXPECT_EQ(error.kind, ErrorKind::second_factor);
}

TEST(ClientLogIn, WhateverElseAnswersIsNoThingsBoard) {
  for (const Reply& reply :
       {Reply{200, "<html>hello</html>", "text/html"}, Reply{200, "", ""},
        Reply{200, R"({"ok":true})"}, Reply{200, "[1,2]"},
        Reply{404, "<html>not found</html>", "text/html"},
        Reply{404, "404 page not found", "text/plain"}, Reply{404, R"({"error":"Not Found"})"},
        Reply{401, "", ""}, Reply{405, "", ""},
        TinyThingsBoard::error(404, 32, "No static resource index.html.")}) {
    EXPECT_EQ(log_in_failure(reply).kind, ErrorKind::not_thingsboard)
        << reply.status << ' ' << reply.body;
  }
}

TEST(ClientLogIn, RedirectIsNotFollowedAndSaysWhereItPoints) {
  const ApiError error =
      log_in_failure({301, "", "", {"Location: https://tb.example.org/api/auth/login"}});
  EXPECT_EQ(error.kind, ErrorKind::redirected);
  EXPECT_EQ(error.message, "https://tb.example.org/api/auth/login");
}

TEST(ClientLogIn, NoMessageRepeatsThePassword) {
  const std::string echo = R"({\"username\":\"a\",\"password\":\"tenant\"})";
  const ApiError refused = log_in_failure(TinyThingsBoard::error(400, 31, "cannot read " + echo));
  EXPECT_THAT(refused.message, AllOf(HasSubstr("password"), Not(HasSubstr("tenant"))));
  const ApiError redirected =
      log_in_failure({301, "", "", {"Location: https://me:pw@tb.example.org/api/auth/login"}});
  EXPECT_EQ(redirected.message, "https://***@tb.example.org/api/auth/login");
}

TEST(ClientLogIn, ExplanationSaysWhatToTryAndKeepsThePassword) {
  const ApiError error =
      log_in_failure(TinyThingsBoard::error(401, 10, "Invalid username or password"));
  config::ThingsBoard server = settings("http://tb:8080");
  server.password = "hunter2";
  EXPECT_EQ(
      explain(error, server),
      "cannot log in to http://tb:8080 as \"tenant@example.org\": wrong user name or password "
      "(401, code 10); check TB_USERNAME and TB_PASSWORD");
}

TEST(ClientConnection, ClosedPortIsRefused) {
  Caller caller(settings("http://127.0.0.1:" + std::to_string(test::closed_port())));
  EXPECT_EQ(caller.client.log_in().error().kind, ErrorKind::refused);
}

TEST(ClientConnection, UnknownHostIsAResolverFailure) {
  Caller caller(settings("http://nowhere.invalid:8080"));
  EXPECT_EQ(caller.client.log_in().error().kind, ErrorKind::resolve);
}

TEST(ClientConnection, PlainServerBehindHttpsIsATlsFailureWithAdvice) {
  ScriptedServer server([](const Request&) { return Reply{}; });
  const auto target = settings("https://127.0.0.1:" + std::to_string(server.port()));
  Caller caller(target);
  const auto answer = caller.client.log_in();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::tls);
  EXPECT_THAT(explain(answer.error(), target), HasSubstr("try http://"));
}

TEST(ClientConnection, KeepsOneConnection) {
  TinyThingsBoard board;
  Caller caller(settings(board.url()));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(caller.client.who_am_i());
  }
  EXPECT_EQ(board.server().connections(), 1);
}

TEST(ClientConnection, OpensAnotherWhenTheServerClosesIt) {
  for (const Ending ending : {Ending::close, Ending::close_quietly}) {
    TinyThingsBoard board;
    board.after([&](const Request&, Reply& reply) { reply.ending = ending; });
    Caller caller(settings(board.url()));
    ASSERT_TRUE(caller.client.log_in());
    ASSERT_TRUE(caller.client.who_am_i());
    ASSERT_TRUE(caller.client.who_am_i());
    EXPECT_EQ(board.server().connections(), 3);
  }
}

TEST(ClientConnection, RepeatsAnIdempotentCallThatMetTheClosing) {
  TinyThingsBoard board;
  std::atomic<int> calls = 0;
  board.after([&](const Request& request, Reply& reply) {
    if (request.path == "/api/auth/user" && ++calls == 1) {
      reply.ending = Ending::cut;
    }
  });
  Caller caller(settings(board.url()));
  ASSERT_TRUE(caller.client.log_in());
  EXPECT_TRUE(caller.client.who_am_i());
  EXPECT_EQ(calls, 2);
}

TEST(ClientConnection, NeverSendsTheCreationOfADeviceTwice) {
  TinyThingsBoard board;
  board.after([&](const Request& request, Reply& reply) {
    if (request.path == "/api/device") {
      reply.ending = Ending::cut;
    }
  });
  Caller caller(settings(board.url()));
  ASSERT_TRUE(caller.client.who_am_i());  // over the connection that is kept
  const auto answer = caller.client.create_device({"sim-001", "", "", "", "t1"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::connection_cut);
  EXPECT_EQ(board.server().count("POST", "/api/device"), 1U);
}

TEST(ClientConnection, HalfABodyIsACutConnection) {
  TinyThingsBoard board;
  board.after([&](const Request& request, Reply& reply) {
    if (request.path == "/api/auth/user") {
      reply.ending = Ending::half;
    }
  });
  Caller caller(settings(board.url()));
  EXPECT_EQ(caller.client.who_am_i().error().kind, ErrorKind::connection_cut);
}

TEST(ClientConnection, GivesUpAfterItsTimeOut) {
  ScriptedServer server([](const Request&) { return Reply{200, "", "", {}, Ending::stall}; });
  config::ThingsBoard target = settings(server.url());
  target.timeout = 100ms;
  Caller caller(target);
  EXPECT_EQ(caller.client.log_in().error().kind, ErrorKind::timed_out);
}

TEST(ClientConnection, StopEndsACallInHand) {
  std::atomic<bool> asked = false;
  ScriptedServer server([&](const Request&) {
    asked = true;
    asked.notify_all();
    return Reply{200, "", "", {}, Ending::stall};
  });
  Caller caller(settings(server.url()));
  std::jthread stopper([&] {
    asked.wait(false);
    caller.stop.request_stop();
  });
  EXPECT_EQ(caller.client.log_in().error().kind, ErrorKind::stopped);
  EXPECT_EQ(caller.client.log_in().error().kind, ErrorKind::stopped);
  asked = true;  // even when nothing was asked
  asked.notify_all();
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(ClientErrors, AnswersOfTheServerKeepTheirWordsAndNumbers) {
  TinyThingsBoard board;
  board.before([](const Request& request) -> std::optional<Reply> {
    if (request.path != "/api/auth/user") {
      return std::nullopt;
    }
    Reply reply = TinyThingsBoard::error(429, 33, "Too many requests for current tenant!");
    reply.headers = {"Retry-After: 7"};
    return reply;
  });
  Caller caller(settings(board.url()));
  const auto answer = caller.client.who_am_i();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(answer.error().http_status, 429);
  EXPECT_EQ(answer.error().error_code, 33);
  EXPECT_EQ(answer.error().message, "Too many requests for current tenant!");
  EXPECT_EQ(answer.error().request, "GET /api/auth/user");
  EXPECT_EQ(answer.error().retry_after, 7s);
}

TEST(ClientErrors, SuccessThatIsNotWhatWasAskedForIsABadAnswer) {
  TinyThingsBoard board;
  std::string body;
  board.before([&](const Request& request) -> std::optional<Reply> {
    return request.path == "/api/auth/user" ? std::optional(Reply{200, body}) : std::nullopt;
  });
  Caller caller(settings(board.url()));
  for (const char* odd : {"", "{", "[]", "{}", R"({"email":7})", "null", "\xff\xfe"}) {
    body = odd;
    EXPECT_EQ(caller.client.who_am_i().error().kind, ErrorKind::bad_answer) << odd;
  }
}

TEST(ClientErrors, ADeviceThatIsNoneIsABadAnswerBeforeItIsChanged) {
  TinyThingsBoard board;
  const std::string id = board.add("sim-001").id;
  std::string body;
  board.before([&](const Request& request) -> std::optional<Reply> {
    return request.path == "/api/device/" + id ? std::optional(Reply{200, body}) : std::nullopt;
  });
  Caller caller(settings(board.url()));
  for (const char* odd : {"[]", "\"device\"", "null", "7", R"({"name":"sim-001"})"}) {
    body = odd;
    EXPECT_EQ(caller.client.update_device(id, {"label", "", ""}).error().kind,
              ErrorKind::bad_answer)
        << odd;
  }
}

TEST(ClientErrors, AnswerWithoutEndIsNotTaken) {
  TinyThingsBoard board;
  board.before([](const Request& request) -> std::optional<Reply> {
    return request.path == "/api/auth/user"
               ? std::optional(Reply{200, std::string(std::size_t{65} << 20U, ' ')})
               : std::nullopt;
  });
  Caller caller(settings(board.url()));
  EXPECT_EQ(caller.client.who_am_i().error().kind, ErrorKind::bad_answer);
}

TEST(ClientErrors, ErrorsNameNoParametersBecauseTheyHoldTokens) {
  TinyThingsBoard board;
  static_cast<void>(board.add("sim-001"));
  Caller caller(settings(board.url()));
  const auto answer = caller.client.create_device({"sim-001", "", "", "", "secret"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::name_taken);
  EXPECT_THAT(explain(answer.error(), settings(board.url())),
              AllOf(HasSubstr("POST /api/device"), Not(HasSubstr("secret"))));
}

TEST(ClientDevices, CreatedDeviceHasTheTokenAndCanBeFound) {
  TinyThingsBoard board;
  Caller caller(settings(board.url()));
  const auto made = caller.client.create_device({"Fühler +/?&-001", "l", "sensor", "", "t 1&"});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(caller.client.credentials(made->id)->value, "t 1&");
  const auto found = caller.client.find_device("Fühler +/?&-001");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->id, made->id);
  EXPECT_EQ((*found)->label, "l");
  EXPECT_EQ((*found)->type, "sensor");
  EXPECT_FALSE(caller.client.find_device("sim-002")->has_value());
  ASSERT_TRUE(caller.client.delete_device(made->id));
  EXPECT_EQ(caller.client.delete_device(made->id).error().kind, ErrorKind::not_found);
}

TEST(ClientDevices, UpdateKeepsWhatItDoesNotChange) {
  TinyThingsBoard board;
  const std::string id = board.add("sim-001", "old").id;
  board.before([&, done = false](const Request&) mutable -> std::optional<Reply> {
    if (!std::exchange(done, true)) {
      board.add("sim-001", "old").additional_info = "keep me";
    }
    return std::nullopt;
  });
  Caller caller(settings(board.url()));
  ASSERT_TRUE(caller.client.log_in());
  const std::string current = board.devices().at("sim-001").id;
  const auto updated = caller.client.update_device(current, {"lab", "new", ""});
  ASSERT_TRUE(updated) << updated.error().message;
  EXPECT_EQ(updated->type, "new");
  EXPECT_EQ(board.devices().at("sim-001").label, "lab");
  EXPECT_EQ(board.devices().at("sim-001").additional_info, "keep me");
}

TEST(ClientDevices, UpdateReadsAnewWhenSomebodyElseWasFaster) {
  TinyThingsBoard board;
  const std::string id = board.add("sim-001").id;
  std::atomic<int> refusals = 0;
  board.before([&](const Request& request) -> std::optional<Reply> {
    if (request.method == "POST" && request.path == "/api/device" && ++refusals == 1) {
      return TinyThingsBoard::error(409, 35, "Device was already changed by someone else");
    }
    return std::nullopt;
  });
  Caller caller(settings(board.url()));
  EXPECT_TRUE(caller.client.update_device(id, {"lab", "sensor", ""}));
  EXPECT_EQ(board.server().count("GET", "/api/device/" + id), 2U);
}

TEST(ClientDevices, AttributesKeepTheirTypes) {
  TinyThingsBoard board;
  const std::string id = board.add("sim-001").id;
  Caller caller(settings(board.url()));
  const Attributes written{{"s", "x"}, {"i", std::int64_t{7}}, {"d", 0.5}, {"b", true}};
  ASSERT_TRUE(caller.client.save_server_attributes(id, written));
  EXPECT_EQ(caller.client.server_attributes(id, {"s", "i", "d", "b"}).value(), written);
  EXPECT_EQ(caller.client.server_attributes("x", {"s"}).error().kind, ErrorKind::not_found);
}

TEST(ListByPrefix, PagesAndKeepsOnlyNamesThatBeginWithIt) {
  TinyThingsBoard board;
  for (int i = 0; i < 1'005; ++i) {
    static_cast<void>(board.add("Fühler_" + std::to_string(i)));
  }
  for (const char* other : {"fühler_1", "xFühler_1", "Fühlerx1"}) {
    static_cast<void>(board.add(other));
  }
  Caller caller(settings(board.url()));
  const auto devices = list_by_prefix(caller.client, "Fühler_");
  ASSERT_TRUE(devices) << devices.error().message;
  EXPECT_EQ(devices->size(), 1'005U);
  EXPECT_EQ(board.server().count("GET", "/api/tenant/devices"), 2U);
}

}  // namespace
}  // namespace stresskit::thingsboard
