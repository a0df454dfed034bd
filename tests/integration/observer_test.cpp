// Which of the server's sources a run looks at, and what is said of one that gives nothing.
#include "stresskit/verification/observer.hpp"

#include "support/sandbox_process.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/support/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace stresskit::verification {
namespace {

using namespace std::chrono_literals;
using test::ScriptedServer;
using testing::HasSubstr;

/// Asks again and again until it holds, for 30 s at most.
template <class Condition>
bool comes_true(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

class ObserverSources : public testing::Test {
 protected:
  ObserverSources() { setup_.folder = dir_.path(); }

  static metrics::ServerSide seen_by(const Observer& observer) {
    metrics::Snapshot snapshot;
    observer.fill(snapshot);
    return snapshot.server;
  }

  test::TempDir dir_;
  Observer::Setup setup_;
};

TEST_F(ObserverSources, PrometheusNeedsNoLogInAndIsAskedForText) {
  // As Spring Boot answers: to whom asks for JSON, nothing.
  ScriptedServer server([](const ScriptedServer::Request& request) -> ScriptedServer::Reply {
    if (request.headers.at("accept") != "text/plain") {
      return {.status = 406};
    }
    return {.body = "# HELP process_cpu_usage \nprocess_cpu_usage 0.5\n", .type = "text/plain"};
  });
  setup_.prometheus_url = server.url() + "/actuator/prometheus";
  const Observer observer(setup_, support::real_clock());
  EXPECT_TRUE(comes_true([&] { return seen_by(observer).live.has_value(); }));
}

TEST_F(ObserverSources, TheServersFiguresAreReadWithoutProbes) {
  const test::SandboxProcess sandbox;
  setup_.server.url = sandbox.url();
  setup_.server.username = sandbox.username();
  setup_.server.password = sandbox.password();
  setup_.server.timeout = 10s;
  const Observer observer(setup_, support::real_clock());
  EXPECT_TRUE(comes_true([&] { return seen_by(observer).usage.has_value(); }));
}

TEST_F(ObserverSources, OneThatGivesNothingIsWarnedAboutWithWhatToTry) {
  ScriptedServer server([](const ScriptedServer::Request&) -> ScriptedServer::Reply {
    return {.body = "<html>", .type = "text/html"};
  });
  setup_.prometheus_url = server.url();
  std::atomic<bool> speaks = false;
  testing::internal::CaptureStderr();
  support::before_log_lines([&] { speaks = true; });
  Observer observer(setup_, support::real_clock());
  EXPECT_TRUE(comes_true([&] { return speaks.load(); }));
  observer.stop();
  support::before_log_lines({});
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("METRICS_ENABLED=true"));
}

}  // namespace
}  // namespace stresskit::verification
