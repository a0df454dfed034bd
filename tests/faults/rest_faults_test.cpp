// What `provision` makes of a server whose REST interface fails, as the sandbox can: exit code,
// words, and the tokens it saved.
#include "support/child_process.hpp"
#include "support/sandbox_process.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/fleet/tokens.hpp"
#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <thread>

namespace stresskit {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

constexpr std::size_t wanted = 12;

/// What a failing server answers to the making of devices, and what comes of it.
struct Drill {
  const char* name;
  json rest;  ///< the sandbox's fault
  int exit_code;
  std::size_t made;   ///< devices with a saved token
  const char* words;  ///< in what is printed
};

void PrintTo(const Drill& drill, std::ostream* out) {
  *out << drill.name;
}

// Every second of waiting costs the drill a second, so waits that the server asks for are of 1 s.
const std::vector<Drill> drills{
    {"TooMany", {{"status", 429}, {"times", 2}}, 0, wanted, ""},
    {"TooManyForASecond", {{"status", 429}, {"retry_after", 1}, {"times", 2}}, 0, wanted, ""},
    {"TooManyForEver", {{"status", 429}}, 4, 0, "429"},
    {"BadGateway", {{"status", 502}, {"times", 2}}, 0, wanted, ""},
    {"Unavailable", {{"status", 503}, {"times", 2}}, 0, wanted, ""},
    {"UnavailableForEver", {{"status", 503}}, 4, 0, "503"},
    {"ServerError", {{"status", 500}, {"times", 2}, {"skip", 2}}, 4, wanted - 2, "500"},
    {"PageOfAProxy", {{"status", 502}, {"html", true}, {"times", 2}}, 0, wanted, ""},
    {"PageInsteadOfJson", {{"status", 200}, {"html", true}}, 4, 0, "no ThingsBoard answers there"},
    {"Redirect", {{"status", 302}}, 4, 0, "302"},
    {"HalfABody", {{"cut", "half"}, {"times", 2}}, 0, wanted, ""},
    {"NoAnswer", {{"cut", "before"}, {"times", 2}}, 0, wanted, ""},
    {"TenSeconds", {{"delay_ms", 10'000}, {"times", 1}}, 0, wanted, ""},
};

class RestFaults : public testing::Test {
 protected:
  struct End {
    int exit_code;
    std::string log;
  };

  void start(std::size_t count, const char* concurrency = "4") {
    provision.emplace(
        std::vector<std::string>{STRESSKIT_BIN_DIR "/provision", "--env-file",
                                 sandbox.env_file().string(), "--data-dir", data().string(),
                                 "--device-count", std::to_string(count), "--tb-timeout", "2",
                                 "--provision-retries", "2", "--provision-retry-delay", "0.2",
                                 "--provision-concurrency", concurrency},
        dir / "log");
  }
  End finish() {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (provision->running()) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(log());
      std::this_thread::sleep_for(20ms);
    }
    return {provision->exit_code(), log()};
  }
  template <class Condition>
  [[nodiscard]] static bool within_20_s(Condition holds) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(10ms);
    }
    return true;
  }
  [[nodiscard]] std::size_t saved() const {
    const auto devices = fleet::read_tokens(data() / "tokens.json");
    return devices ? devices->size() : 0;
  }
  [[nodiscard]] std::size_t on_the_server() {
    return sandbox.state().at("devices").get<std::size_t>();
  }
  [[nodiscard]] std::filesystem::path data() const { return dir / "data"; }
  [[nodiscard]] std::string log() const { return support::read_file(dir / "log").value_or(""); }

  test::TempDir dir;
  test::SandboxProcess sandbox;
  std::optional<test::ChildProcess> provision;
};

class Making : public RestFaults, public testing::WithParamInterface<Drill> {};

TEST_P(Making, EndsAsTheTableSaysAndNoDeviceIsMadeTwice) {
  const Drill& drill = GetParam();
  json fault = drill.rest;
  fault["path"] = "/api/device";
  fault["method"] = "POST";
  sandbox.fault({{"rest", fault}});
  start(wanted);
  const End end = finish();
  EXPECT_EQ(end.exit_code, drill.exit_code) << end.log;
  EXPECT_EQ(saved(), drill.made) << end.log;
  EXPECT_THAT(end.log, HasSubstr(drill.words));
  EXPECT_LE(on_the_server(), wanted);
  EXPECT_EQ(end.log.find(sandbox.password() + "\""), std::string::npos);

  // The way out: the same command, once the server is well.
  sandbox.clear_faults();
  start(wanted);
  EXPECT_EQ(finish().exit_code, 0) << log();
  EXPECT_EQ(saved(), wanted);
  EXPECT_EQ(on_the_server(), wanted);
}

INSTANTIATE_TEST_SUITE_P(Drills, Making, testing::ValuesIn(drills),
                         [](const auto& drill) { return drill.param.name; });

TEST_F(RestFaults, ATokenThatExpiresInTheMiddleIsRenewed) {
  sandbox.fault({{"rest", {{"path", "/api/device"}, {"delay_ms", 50}}}});
  start(100);
  ASSERT_TRUE(within_20_s([&] { return on_the_server() >= 10; })) << log();
  sandbox.fault({{"tokens", {{"expire", "access"}}}});
  EXPECT_EQ(finish().exit_code, 0) << log();
  EXPECT_EQ(saved(), 100U);
}

TEST_F(RestFaults, AnAccountDisabledInTheMiddleEndsItAndKeepsWhatWasMade) {
  sandbox.fault({{"rest", {{"path", "/api/device"}, {"delay_ms", 50}}}});
  start(300);
  ASSERT_TRUE(within_20_s([&] { return on_the_server() >= 10; })) << log();
  sandbox.fault({{"account", {{"username", sandbox.username()}, {"enabled", false}}}});
  const End end = finish();
  EXPECT_EQ(end.exit_code, 3) << end.log;
  EXPECT_THAT(end.log, HasSubstr("not active"));
  EXPECT_GE(saved(), 1U);
  EXPECT_LT(on_the_server(), 300U);
}

}  // namespace
}  // namespace stresskit
