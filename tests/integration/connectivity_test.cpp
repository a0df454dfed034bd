#include "stresskit/preflight/connectivity.hpp"

#include "support/certificates.hpp"
#include "support/sandbox_process.hpp"
#include "support/scripted_mqtt_server.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"
#include "support/tiny_thingsboard.hpp"
#include "support/tls_server.hpp"

#include "stresskit/fleet/tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace stresskit::preflight {
namespace {

using namespace std::chrono_literals;
using support::ExitCode;
using test::ScriptedMqttServer;
using test::ScriptedServer;
using test::TinyThingsBoard;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ConnectivityTest : public testing::Test {
 protected:
  ConnectivityTest() {
    server_.url = board_.url();
    server_.username = board_.user;
    server_.password = board_.password;
    server_.timeout = 20s;
    fleet_.prefix = "sim";
    mqtt_.host = "127.0.0.1";
    mqtt_.port = test::closed_port();
    mqtt_.engine = "native";
    mqtt_.version = "3.1.1";
    mqtt_.qos = 1;
    mqtt_.keep_alive = 60s;
    mqtt_.connect_timeout = 10s;
    mqtt_.max_inflight = 10;
    data_.dir = folder_.path();
    burst_.interval = 1s;
  }

  Connectivity run(bool run_active = false) {
    told_.clear();
    return check_connectivity({server_, fleet_, mqtt_, data_, burst_, run_active},
                              support::real_clock(), stop_.get_token(),
                              [&](const Step& step) { told_.push_back(step.name); });
  }

  /// The text of the step that fails, which must be this one.
  std::string failure(const std::string& step) {
    const Connectivity result = run();
    EXPECT_EQ(result.code, ExitCode::unreachable);
    EXPECT_EQ(result.steps.back().name, step);
    EXPECT_EQ(result.steps.back().result, StepResult::failed);
    return result.steps.back().text;
  }

  void write_token(const std::string& token = "t-1") {
    ASSERT_TRUE(fleet::write_tokens(data_.tokens(), {{"sim-001", token}}));
  }

  TinyThingsBoard board_;
  test::TempDir folder_;
  config::ThingsBoard server_;
  config::Fleet fleet_;
  config::Mqtt mqtt_;
  config::Data data_;
  config::Burst burst_;
  std::stop_source stop_;
  std::vector<std::string> told_;
};

TEST_F(ConnectivityTest, TellsWhatItFindsStepByStep) {
  for (const char* name : {"sim-001", "sim-002", "plant"}) {
    static_cast<void>(board_.add(name));
  }
  const Connectivity result = run();
  EXPECT_EQ(result.code, ExitCode::done);
  EXPECT_THAT(told_, testing::ElementsAre("log-in", "account", "devices", "prefix", "profile",
                                          "version", "mqtt"));
  EXPECT_THAT(result.steps[1].text, HasSubstr("TENANT_ADMIN of tenant t-1"));
  EXPECT_EQ(result.steps[2].text, "3 devices in the tenant");
  EXPECT_EQ(result.steps[3].text, "2 devices with prefix \"sim\"");
  EXPECT_THAT(result.steps[4].text, HasSubstr("\"default\""));
  EXPECT_EQ(result.steps[5].text, "ThingsBoard 4.3.1.3 CE");
  EXPECT_EQ(result.steps[6].result, StepResult::skipped);
  EXPECT_THAT(result.steps[6].text, HasSubstr("run `provision` first"));
}

TEST_F(ConnectivityTest, ChangesNothingOnTheServer) {
  static_cast<void>(run());
  for (const ScriptedServer::Request& request : board_.server().requests()) {
    EXPECT_TRUE(request.method == "GET" || request.path == "/api/auth/login") << request.path;
  }
}

TEST_F(ConnectivityTest, ActiveRunKeepsItFromEvictingADevice) {
  write_token();
  const Connectivity result = run(true);
  EXPECT_EQ(result.code, ExitCode::done);
  EXPECT_EQ(result.steps.back().result, StepResult::skipped);
  EXPECT_THAT(result.steps.back().text, HasSubstr("a run is active"));
}

TEST_F(ConnectivityTest, EachRestFailureHasItsOwnMessage) {
  server_.url = "http://127.0.0.1:" + std::to_string(test::closed_port());
  EXPECT_THAT(failure("log-in"), HasSubstr("connection refused"));

  ScriptedServer web([](const auto&) {
    return ScriptedServer::Reply{404, "<html>not found</html>", "text/html", {}, {}};
  });
  server_.url = web.url();
  EXPECT_THAT(failure("log-in"), HasSubstr("no ThingsBoard answers there"));

  server_.url = board_.url();
  server_.password = "wrong";
  EXPECT_THAT(failure("log-in"),
              AllOf(HasSubstr("wrong user name or password"), Not(HasSubstr("wrong\""))));
}

TEST_F(ConnectivityTest, RedirectSaysWhereToGo) {
  ScriptedServer proxy([](const auto&) {
    return ScriptedServer::Reply{308, "", "", {"Location: https://tb.example.org/"}, {}};
  });
  server_.url = proxy.url();
  EXPECT_THAT(failure("log-in"), HasSubstr("https://tb.example.org/"));
}

TEST_F(ConnectivityTest, RolesThatCannotProvisionAreNamed) {
  board_.set_authority("CUSTOMER_USER");
  EXPECT_THAT(failure("account"), HasSubstr("a customer user"));
  board_.set_authority("SYS_ADMIN");
  EXPECT_THAT(failure("account"), HasSubstr("a system administrator"));
}

TEST_F(ConnectivityTest, CertificateOfAnotherNameIsRefusedAndExplained) {
  const test::Certificates certificates;
  test::TlsServer tls(certificates.wrong_name(), "");
  server_.url = "https://127.0.0.1:" + std::to_string(tls.port());
  server_.ca_file = certificates.authority();
  EXPECT_THAT(failure("log-in"), HasSubstr("the certificate is for another host name"));
}

TEST_F(ConnectivityTest, UnknownAuthorityIsRefusedUnlessItIsNamedOrCheckingIsSwitchedOff) {
  const std::string body = R"({"status":401,"message":"x","errorCode":10})";
  const test::Certificates certificates;
  test::TlsServer tls(certificates.good(),
                      "HTTP/1.1 401 X\r\nConnection: close\r\nContent-Length: " +
                          std::to_string(body.size()) + "\r\n\r\n" + body);
  server_.url = "https://localhost:" + std::to_string(tls.port());
  EXPECT_THAT(failure("log-in"), HasSubstr("set TB_CA_FILE"));
  server_.ca_file = certificates.stranger();
  EXPECT_THAT(failure("log-in"), HasSubstr("set TB_CA_FILE"));
  server_.ca_file = certificates.authority();
  EXPECT_THAT(failure("log-in"), HasSubstr("wrong user name or password"));
  server_.ca_file = "";
  server_.tls_insecure = true;
  EXPECT_THAT(failure("log-in"), HasSubstr("wrong user name or password"));
}

TEST_F(ConnectivityTest, ClosedMqttPortIsSaid) {
  write_token();
  EXPECT_THAT(failure("mqtt"), AllOf(HasSubstr("cannot connect to MQTT at 127.0.0.1:"),
                                     HasSubstr("refused"), HasSubstr("check MQTT_HOST")));
}

TEST_F(ConnectivityTest, UnknownMqttHostIsSaid) {
  write_token();
  mqtt_.host = "nowhere.invalid";
  EXPECT_THAT(failure("mqtt"), HasSubstr("check MQTT_HOST"));
}

TEST_F(ConnectivityTest, SilentMqttServerEndsWithTheTimeOut) {
  write_token();
  ScriptedServer silent([](const auto&) { return ScriptedServer::Reply{}; });
  mqtt_.port = silent.port();
  mqtt_.connect_timeout = 300ms;
  EXPECT_THAT(failure("mqtt"), HasSubstr("network-timeout"));
}

TEST_F(ConnectivityTest, EachMqttRefusalHasItsAdvice) {
  write_token();
  const std::vector<std::pair<std::uint8_t, std::string>> advice{{1, "check MQTT_VERSION"},
                                                                 {2, "check MQTT_VERSION"},
                                                                 {3, "overloaded"},
                                                                 {5, "run `provision`"}};
  for (const auto& [code, words] : advice) {
    ScriptedMqttServer server(ScriptedMqttServer::refuse(code));
    mqtt_.port = server.port();
    EXPECT_THAT(failure("mqtt"), HasSubstr(words)) << "CONNACK " << int{code};
  }
  const test::Certificates certificates;
  ScriptedMqttServer server(ScriptedMqttServer::serve, {.tls = certificates.good()});
  mqtt_.port = server.port();
  mqtt_.tls = true;
  mqtt_.ca_file = certificates.stranger();
  EXPECT_THAT(failure("mqtt"), HasSubstr("check MQTT_CA_FILE"));
}

TEST_F(ConnectivityTest, SandboxAcceptsItsTokenAndRefusesAnother) {
  test::SandboxProcess sandbox;
  server_.url = sandbox.url();
  server_.username = sandbox.username();
  server_.password = sandbox.password();
  mqtt_.port = sandbox.mqtt_port();
  static_cast<void>(sandbox.create_device("sim-001", "token-1"));
  write_token("token-1");
  for (const char* engine : {"native", "paho"}) {
    mqtt_.engine = engine;
    const Connectivity result = run();
    EXPECT_EQ(result.code, ExitCode::done) << result.steps.back().text;
    EXPECT_EQ(result.steps[6].result, StepResult::ok) << result.steps[6].text;
    EXPECT_EQ(result.steps.back().name, "limits");
    EXPECT_EQ(result.steps.back().result, StepResult::ok) << result.steps.back().text;
  }
  write_token("another");
  EXPECT_THAT(failure("mqtt"), AllOf(HasSubstr("auth"), Not(HasSubstr("another"))));
}

TEST_F(ConnectivityTest, StopEndsIt) {
  stop_.request_stop();
  const Connectivity result = run();
  EXPECT_EQ(result.code, ExitCode::partial);
  EXPECT_EQ(result.steps.size(), 1U);
}

TEST_F(ConnectivityTest, JsonHoldsEveryStep) {
  const Connectivity result = run();
  const auto json = nlohmann::json::parse(to_json(result));
  EXPECT_EQ(json.at("ok"), true);
  EXPECT_EQ(json.at("steps").size(), 7U);
}

}  // namespace
}  // namespace stresskit::preflight
