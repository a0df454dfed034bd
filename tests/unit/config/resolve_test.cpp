#include "config/resolve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace stresskit::config {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Key& row(std::string_view name) {
  for (const Key& key : keys()) {
    if (key.name == name || (key.name.empty() && key.option == name)) {
      return key;
    }
  }
  throw std::invalid_argument("no such key");
}

Givens givens(std::initializer_list<std::pair<std::string_view, std::string_view>> values,
              std::string_view where = ".env:1") {
  Givens all;
  for (const auto& [name, text] : values) {
    all[&row(name)] = {std::string(text), std::string(where)};
  }
  return all;
}

Givens logged_in(std::initializer_list<std::pair<std::string_view, std::string_view>> values = {}) {
  Givens all =
      givens({{"TB_URL", "http://tb:8080/"}, {"TB_USERNAME", "a@b"}, {"TB_PASSWORD", "pw"}});
  all.merge(givens(values));
  return all;
}

TEST(Resolve, GivesDefaultsForEverything) {
  const Outcome outcome = resolve(Program::run_telemetry, {});
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_THAT(outcome.warnings, IsEmpty());
  const Settings& s = outcome.settings;
  EXPECT_EQ(s.fleet.prefix, "sim");
  EXPECT_EQ(s.fleet.count, 500U);
  EXPECT_FALSE(s.fleet.count_given);
  EXPECT_EQ(s.fleet.label, "sim-lab");
  EXPECT_EQ(s.fleet.type, "sensor");
  EXPECT_EQ(s.thingsboard.timeout, 60s);
  EXPECT_EQ(s.provisioning.concurrency, 4U);
  EXPECT_EQ(s.provisioning.retries, 5U);
  EXPECT_EQ(s.provisioning.retry_delay, 2s);
  EXPECT_EQ(s.mqtt.host, "127.0.0.1");
  EXPECT_EQ(s.mqtt.port, 1883);
  EXPECT_EQ(s.mqtt.qos, 1);
  EXPECT_EQ(s.mqtt.version, "3.1.1");
  EXPECT_EQ(s.mqtt.keep_alive, 60s);
  EXPECT_EQ(s.mqtt.connect_timeout, 30s);
  EXPECT_EQ(s.mqtt.max_inflight, 10U);
  EXPECT_TRUE(s.mqtt.reconnect);
  EXPECT_EQ(s.burst.interval, 1s);
  EXPECT_EQ(s.burst.lead_time, 300ms);
  EXPECT_EQ(s.burst.duration, std::nullopt);
  EXPECT_EQ(s.burst.bursts, std::nullopt);
  EXPECT_EQ(s.burst.ack_drain, 30s);
  EXPECT_EQ(s.output.metrics_write, 2s);
  EXPECT_EQ(s.output.console, 5s);
  EXPECT_EQ(s.dashboard.host, "0.0.0.0");
  EXPECT_EQ(s.dashboard.port, 5000);
  EXPECT_EQ(s.dashboard.refresh, 2s);
  EXPECT_EQ(s.data.dir, "data");
  EXPECT_TRUE(s.stopping.wait);
  EXPECT_EQ(s.stopping.timeout, 40s);
}

TEST(Resolve, StoresWhatIsGiven) {
  const Outcome outcome = resolve(Program::run_telemetry, givens({{"DEVICE_COUNT", "7"},
                                                                  {"PUBLISH_INTERVAL_SEC", "250ms"},
                                                                  {"RUN_BURSTS", "3"},
                                                                  {"RUN_DURATION", "2m"},
                                                                  {"MQTT_TLS", "yes"},
                                                                  {"MQTT_HOST", "[::1]"},
                                                                  {"json", "1"}}));
  ASSERT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.settings.fleet.count, 7U);
  EXPECT_TRUE(outcome.settings.fleet.count_given);
  EXPECT_EQ(outcome.settings.burst.interval, 250ms);
  EXPECT_EQ(outcome.settings.burst.bursts, 3U);
  EXPECT_EQ(outcome.settings.burst.duration, 2min);
  EXPECT_TRUE(outcome.settings.mqtt.tls);
  EXPECT_EQ(outcome.settings.mqtt.host, "::1");
  EXPECT_TRUE(outcome.settings.output.json);
}

TEST(Resolve, ListsAllMissingKeysOfAProgramThatLogsIn) {
  for (const Program program :
       {Program::check_connectivity, Program::provision, Program::delete_by_prefix}) {
    EXPECT_THAT(resolve(program, {}).problems,
                ElementsAre(HasSubstr("TB_URL is missing"), HasSubstr("TB_USERNAME is missing"),
                            HasSubstr("TB_PASSWORD is missing")));
  }
}

TEST(Resolve, TakesAnEmptyRequiredValueAsMissing) {
  Givens all = logged_in();
  all[&row("TB_PASSWORD")].text = "";
  EXPECT_THAT(resolve(Program::provision, all).problems,
              ElementsAre(HasSubstr("TB_PASSWORD is missing")));
}

TEST(Resolve, AsksForNothingThatAProgramDoesNotUse) {
  for (const Program program : {Program::run_telemetry, Program::stop_telemetry,
                                Program::run_dashboard, Program::run_sandbox}) {
    EXPECT_THAT(resolve(program, {}).problems, IsEmpty());
  }
}

TEST(Resolve, VerifyingARunNeedsTheServersAddressAndLogIn) {
  EXPECT_THAT(resolve(Program::run_telemetry, givens({{"VERIFY_STORED", "1"}})).problems,
              ElementsAre(HasSubstr("TB_URL is missing"), HasSubstr("TB_USERNAME is missing"),
                          AllOf(HasSubstr("TB_PASSWORD is missing"), HasSubstr("VERIFY_STORED"))));
  EXPECT_THAT(resolve(Program::run_telemetry, logged_in({{"VERIFY_STORED", "1"}})).problems,
              IsEmpty());
  EXPECT_THAT(resolve(Program::verify_storage, {}).problems.size(), 3U);
}

TEST(Resolve, IgnoresBadValuesOfKeysThatAProgramDoesNotTake) {
  const Outcome outcome =
      resolve(Program::run_telemetry, givens({{"DEVICE_LABEL", "\n"}, {"DASHBOARD_PORT", "x"}}));
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.settings.dashboard.port, 5000);
}

TEST(Resolve, ListsEveryProblemWithItsPlace) {
  Givens all = givens({{"DEVICE_COUNT", "-3"}}, "--device-count");
  all.merge(givens({{"MQTT_PORT", "65536"}}, ".env:12"));
  all.merge(givens({{"MQTT_QOS", "2"}}, "environment"));
  EXPECT_THAT(
      resolve(Program::run_telemetry, all).problems,
      ElementsAre("--device-count must be a whole number of at least 1, not \"-3\"",
                  ".env:12: MQTT_PORT must be a whole number from 1 to 65535, not \"65536\"",
                  "environment: MQTT_QOS must be a whole number from 0 to 1, not \"2\""));
}

TEST(Resolve, NeverShowsASecret) {
  Givens all = logged_in();
  all[&row("TB_PASSWORD")].text = "hunter2\xff";
  EXPECT_THAT(resolve(Program::provision, all).problems,
              ElementsAre(AllOf(HasSubstr("TB_PASSWORD"), Not(HasSubstr("hunter2")))));
}

TEST(Resolve, CutsTheCountDownToTheCeilingWithAWarning) {
  const Outcome outcome = resolve(Program::provision, logged_in({{"DEVICE_COUNT", "501"}}));
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.settings.fleet.count, 500U);
  EXPECT_THAT(outcome.warnings, ElementsAre(HasSubstr("501 is more than DEVICE_CEILING")));
}

TEST(Resolve, GoesAboveFiveHundredWhenTheCeilingIsRaised) {
  const Outcome outcome = resolve(
      Program::provision, logged_in({{"DEVICE_COUNT", "15000"}, {"DEVICE_CEILING", "20000"}}));
  EXPECT_EQ(outcome.settings.fleet.count, 15'000U);
  EXPECT_THAT(outcome.warnings, IsEmpty());
}

TEST(Resolve, LowersTheDefaultCountToALowCeilingSilently) {
  const Outcome outcome = resolve(Program::provision, logged_in({{"DEVICE_CEILING", "10"}}));
  EXPECT_EQ(outcome.settings.fleet.count, 10U);
  EXPECT_THAT(outcome.warnings, IsEmpty());
}

TEST(Resolve, RefusesAnEmptyPrefix) {
  for (const char* prefix : {"", " "}) {
    EXPECT_THAT(resolve(Program::delete_by_prefix, logged_in({{"DEVICE_PREFIX", prefix}})).problems,
                ElementsAre(HasSubstr("DEVICE_PREFIX must not")))
        << '"' << prefix << '"';
  }
}

TEST(Resolve, TakesAnEmptyTextAsSuchAndOtherEmptyValuesAsNotGiven) {
  const Outcome outcome =
      resolve(Program::provision,
              logged_in({{"DEVICE_TYPE", ""}, {"DEVICE_COUNT", ""}, {"DEVICE_PROFILE_ID", ""}}));
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.settings.fleet.type, "");
  EXPECT_EQ(outcome.settings.fleet.count, 500U);
  EXPECT_FALSE(outcome.settings.fleet.count_given);
}

TEST(Resolve, RefusesAnOptionWithAnEmptyValue) {
  EXPECT_THAT(
      resolve(Program::run_telemetry, givens({{"DEVICE_COUNT", ""}}, "--device-count")).problems,
      ElementsAre("--device-count must not be empty"));
}

TEST(Resolve, RefusesVersionFiveOnPaho) {
  const auto problems =
      resolve(Program::run_telemetry, givens({{"MQTT_VERSION", "5"}, {"MQTT_ENGINE", "paho"}}))
          .problems;
  EXPECT_THAT(problems, ElementsAre(HasSubstr("MQTT_VERSION 5 needs MQTT_ENGINE native")));
  EXPECT_THAT(
      resolve(Program::run_telemetry, givens({{"MQTT_VERSION", "5"}, {"MQTT_ENGINE", "native"}}))
          .problems,
      IsEmpty());
}

TEST(Resolve, WarnsWhenVerificationIsSwitchedOffWhereItMatters) {
  EXPECT_THAT(
      resolve(Program::run_telemetry, givens({{"MQTT_TLS", "1"}, {"MQTT_TLS_INSECURE", "1"}}))
          .warnings,
      ElementsAre(HasSubstr("MQTT_TLS_INSECURE is on")));
  EXPECT_THAT(resolve(Program::run_telemetry, givens({{"MQTT_TLS_INSECURE", "1"}})).warnings,
              IsEmpty());
  Givens rest = logged_in({{"TB_TLS_INSECURE", "1"}});
  EXPECT_THAT(resolve(Program::provision, rest).warnings, IsEmpty());
  rest[&row("TB_URL")].text = "https://tb";
  EXPECT_THAT(resolve(Program::provision, rest).warnings,
              ElementsAre(HasSubstr("TB_TLS_INSECURE is on")));
}

TEST(Resolve, StagesSayThemselvesHowLongTheRunLasts) {
  EXPECT_THAT(resolve(Program::run_telemetry,
                      givens({{"RUN_STAGES", "1@1s"}, {"RUN_DURATION", "5"}, {"RUN_BURSTS", "5"}}))
                  .problems,
              ElementsAre(HasSubstr("RUN_DURATION: leave one out"),
                          HasSubstr("RUN_BURSTS: leave one out")));
}

TEST(Resolve, ListsWhatCountsAndNoSecret) {
  const auto listed =
      resolve(Program::provision, logged_in({{"DEVICE_COUNT", "7"}})).settings.listed;
  const auto has = [&](const std::pair<std::string, std::string>& row) {
    return std::find(listed.begin(), listed.end(), row) != listed.end();
  };
  EXPECT_TRUE(has({"DEVICE_COUNT", "7"}));
  EXPECT_TRUE(has({"PROVISION_RETRIES", "5"})) << "defaults too";
  for (const auto& [key, value] : listed) {
    EXPECT_NE(key, "TB_PASSWORD");
    EXPECT_NE(key, "MQTT_HOST") << "not a key of this program";
  }
}

TEST(Resolve, LeavesOutTheSlashOfTheUrl) {
  EXPECT_EQ(resolve(Program::provision, logged_in()).settings.thingsboard.url, "http://tb:8080");
}

TEST(Resolve, DeletingWithThePasswordOnStandardInputNeedsAYes) {
  const auto problems =
      [](std::initializer_list<std::pair<std::string_view, std::string_view>> more) {
        Givens all = logged_in();
        all[&row("TB_PASSWORD")].where = "--password-stdin";
        all.merge(givens(more));
        return resolve(Program::delete_by_prefix, all).problems;
      };
  EXPECT_THAT(problems({}), ElementsAre(HasSubstr("needs --yes")));
  EXPECT_THAT(problems({{"yes", "1"}}), IsEmpty());
  EXPECT_THAT(problems({{"dry-run", "1"}}), IsEmpty());
  EXPECT_THAT(resolve(Program::delete_by_prefix, logged_in()).problems, IsEmpty());
}

}  // namespace
}  // namespace stresskit::config
