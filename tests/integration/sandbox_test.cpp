// The sandbox as a process: starting, ending, its switches and its connection rules.
#include "support/sandbox_process.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace stresskit::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string user_path = "/api/auth/user";

bool refuses(std::uint16_t port) {
  try {
    const HttpConnection connection(port);
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

/// Asks again and again until it holds, for 20 s at most.
template <class Condition>
bool comes_true(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

TEST(Sandbox, EndsWithZeroOnSigterm) {
  SandboxProcess sandbox;
  EXPECT_EQ(sandbox.stop(), 0);
  EXPECT_TRUE(refuses(sandbox.port()));
  EXPECT_TRUE(refuses(sandbox.mqtt_port()));
}

TEST(Sandbox, PrintsTheEnvLinesAndNothingElse) {
  SandboxProcess sandbox;
  std::ostringstream written;
  written << std::ifstream(sandbox.env_file()).rdbuf();
  EXPECT_EQ(sandbox.log(), written.str());
  EXPECT_EQ(written.str(), "TB_URL=" + sandbox.url() +
                               "\nTB_USERNAME=tenant@thingsboard.org\nTB_PASSWORD=tenant\n"
                               "MQTT_HOST=127.0.0.1\nMQTT_PORT=" +
                               std::to_string(sandbox.mqtt_port()) + "\n");
}

TEST(Sandbox, EndsWithTwoWhenThePortIsTaken) {
  SandboxProcess first;
  const TempDir dir;
  ChildProcess second({STRESSKIT_BIN_DIR "/run_sandbox", "--port", std::to_string(first.port()),
                       "--mqtt-port", "0"},
                      dir / "log");
  EXPECT_TRUE(comes_true([&] { return !second.running(); }));
  EXPECT_EQ(second.exit_code(), 2);
}

// Even frozen, and even when the sandbox has no time to say goodbye.
TEST(Sandbox, TakesItsTransportAlongWhenItIsKilled) {
  SandboxProcess sandbox;
  sandbox.fault({{"transport", "freeze"}});
  sandbox.kill();
  EXPECT_TRUE(comes_true([&] { return refuses(sandbox.mqtt_port()); }));
}

TEST(Sandbox, RefusesMqttWhileItsTransportIsStoppedAndServesTheSamePortAgain) {
  SandboxProcess sandbox;
  for (const char* how : {"stop", "kill"}) {
    EXPECT_EQ(sandbox.fault({{"transport", how}}).at("transport"), "stopped");
    EXPECT_TRUE(refuses(sandbox.mqtt_port()));
    EXPECT_EQ(sandbox.fault({{"transport", "start"}}).at("transport"), "running");
    EXPECT_FALSE(refuses(sandbox.mqtt_port()));
  }
}

TEST(Sandbox, ClosesAConnectionBehindItsHundredthAnswer) {
  SandboxProcess sandbox;
  HttpConnection connection(sandbox.port());
  const HttpConnection::Headers headers{{"X-Authorization", "Bearer " + sandbox.login()}};
  for (int i = 1; i < 100; ++i) {
    ASSERT_EQ(connection.request("GET", user_path, headers).header("Connection"), "") << i;
  }
  const HttpResponse last = connection.request("GET", user_path, headers);
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.header("Connection"), "close");
  EXPECT_TRUE(last.connection_ended);
}

TEST(Sandbox, ClosesAConnectionBehindABadRequestAndKeepsItBehindAnUnknownDevice) {
  SandboxProcess sandbox;
  const HttpConnection::Headers headers{{"X-Authorization", "Bearer " + sandbox.login()}};
  HttpConnection connection(sandbox.port());
  const HttpResponse missing =
      connection.request("GET", "/api/device/11111111-1dd2-11b2-8080-808080808080", headers);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("Connection"), "");
  const HttpResponse bad = connection.request("GET", "/api/device/nonsense", headers);
  EXPECT_EQ(bad.status, 400);
  EXPECT_TRUE(bad.connection_ended);
}

TEST(Sandbox, AnswersAPostWithoutContentLength) {
  SandboxProcess sandbox;
  HttpConnection connection(sandbox.port());
  EXPECT_EQ(connection.raw_request("POST /nonsense HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
}

TEST(Sandbox, RefusesATooLargeBodyBeforeItComes) {
  SandboxProcess sandbox;
  HttpConnection connection(sandbox.port());
  const HttpResponse refused = connection.raw_request(
      "POST /api/device HTTP/1.1\r\nHost: x\r\nContent-Length: 16777217\r\n\r\n");
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.header("Content-Type"), "");
  EXPECT_EQ(refused.body, "\"Payload size exceeds the limit of 16777216 bytes\"");
  EXPECT_TRUE(refused.connection_ended);
}

TEST(SandboxFaults, AnswerAsManyRequestsAsAskedAndNoOthers) {
  SandboxProcess sandbox;
  sandbox.fault({{"rest",
                  {{"status", 503},
                   {"times", 2},
                   {"skip", 1},
                   {"method", "GET"},
                   {"path", user_path},
                   {"retry_after", 7}}}});
  EXPECT_EQ(sandbox.call("GET", user_path).status, 200);
  const HttpResponse hit = sandbox.call("GET", user_path);
  EXPECT_EQ(hit.status, 503);
  EXPECT_EQ(hit.header("Retry-After"), "7");
  EXPECT_EQ(sandbox.call("GET", "/api/system/info").status, 200);
  EXPECT_EQ(sandbox.call("GET", user_path).status, 503);
  EXPECT_EQ(sandbox.call("GET", user_path).status, 200);
}

TEST(SandboxFaults, CanTakeEffectBeforeTheyAnswer) {
  SandboxProcess sandbox;
  sandbox.fault({{"rest", {{"status", 500}, {"times", 1}, {"path", "/api/device"}}}});
  EXPECT_EQ(sandbox.call("POST", "/api/device", R"({"name":"a"})").status, 500);
  EXPECT_EQ(sandbox.state().at("devices"), 0);

  sandbox.fault(
      {{"rest", {{"status", 500}, {"times", 1}, {"path", "/api/device"}, {"after_effect", true}}}});
  EXPECT_EQ(sandbox.call("POST", "/api/device", R"({"name":"a"})").status, 500);
  EXPECT_EQ(sandbox.state().at("devices"), 1);
}

TEST(SandboxFaults, CutTheConnectionBeforeAnyByteOfTheAnswer) {
  SandboxProcess sandbox;
  sandbox.fault({{"rest", {{"cut", "before"}, {"times", 1}, {"path", "/api/device"}}}});
  const HttpResponse cut = sandbox.call("POST", "/api/device", R"({"name":"a"})");
  EXPECT_TRUE(cut.connection_ended);
  EXPECT_EQ(cut.raw, "");
  EXPECT_EQ(sandbox.state().at("devices"), 0);
}

TEST(SandboxFaults, CutTheConnectionWithinTheAnswer) {
  SandboxProcess sandbox;
  sandbox.fault({{"rest", {{"cut", "half"}, {"times", 1}, {"path", "/api/device"}}}});
  const HttpResponse cut = sandbox.call("POST", "/api/device", R"({"name":"a"})");
  EXPECT_TRUE(cut.connection_ended);
  EXPECT_TRUE(cut.raw.starts_with("HTTP/1.1 200")) << cut.raw;
  EXPECT_EQ(sandbox.state().at("devices"), 1);
}

TEST(SandboxFaults, AnswerWithAPageForPeople) {
  SandboxProcess sandbox;
  sandbox.fault({{"rest", {{"status", 502}, {"path", user_path}, {"html", true}}}});
  const HttpResponse page = sandbox.call("GET", user_path);
  EXPECT_EQ(page.status, 502);
  EXPECT_EQ(page.header("Content-Type"), "text/html");
}

TEST(SandboxFaults, ExpireAccessTokensAndLeaveTheRefreshTokens) {
  SandboxProcess sandbox;
  const HttpResponse pair = http(sandbox.port(), "POST", "/api/auth/login", {},
                                 R"({"username":"tenant@thingsboard.org","password":"tenant"})");
  sandbox.fault({{"tokens", {{"expire", "access"}}}});
  const json tokens = json::parse(pair.body);
  const HttpResponse stale =
      http(sandbox.port(), "GET", user_path,
           {{"X-Authorization", "Bearer " + tokens.at("token").get<std::string>()}});
  EXPECT_EQ(stale.status, 401);
  EXPECT_EQ(json::parse(stale.body).at("errorCode"), 11);
  EXPECT_EQ(http(sandbox.port(), "POST", "/api/auth/token", {},
                 json{{"refreshToken", tokens.at("refreshToken")}}.dump())
                .status,
            200);
}

TEST(SandboxFaults, DisableAnAccount) {
  SandboxProcess sandbox;
  const std::string token = sandbox.login();
  sandbox.fault({{"account", {{"username", sandbox.username()}, {"enabled", false}}}});
  const HttpResponse refused = http(sandbox.port(), "POST", "/api/auth/login", {},
                                    R"({"username":"tenant@thingsboard.org","password":"tenant"})");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(json::parse(refused.body).at("message"), "User account is not active");
}

TEST(SandboxFaults, RefuseASwitchThatDoesNotExistAndSwitchNothing) {
  SandboxProcess sandbox;
  const HttpResponse refused =
      http(sandbox.port(), "POST", "/sandbox/faults", {}, R"({"nonsense":1,"transport":"stop"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(sandbox.state().at("transport"), "running");
}

}  // namespace
}  // namespace stresskit::test
