// What is stored in the sandbox, read back: what is not there is what gets named.
#include "support/sandbox_process.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/metrics/storage_file.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/verification/verify.hpp"
#include "stresskit/verification/verify_run.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace stresskit::verification {
namespace {

using namespace std::chrono_literals;
using metrics::Outcome;
using metrics::Storage;
using nlohmann::json;
using testing::HasSubstr;

class VerificationTest : public testing::Test {
 protected:
  static constexpr std::int64_t first_due_ms = 1'782'736'000'000;

  VerificationTest() {
    server.url = sandbox.url();
    server.username = sandbox.username();
    server.password = sandbox.password();
    server.timeout = 10s;
    deeds.interval_sec = 1;
    deeds.stamped = true;
  }

  /// A run of so many devices and bursts, everything acknowledged.
  void make_run(std::size_t devices, std::size_t bursts) {
    for (std::size_t i = 0; i < devices; ++i) {
      const std::string name = fmt::format("dev-{:03}", i);
      deeds.devices.push_back({name, sandbox.create_device(name, "token-" + name)});
    }
    for (std::uint64_t k = 0; k < bursts; ++k) {
      deeds.bursts.push_back({k, static_cast<double>(first_due_ms) / 1e3 + static_cast<double>(k)});
      deeds.outcomes.emplace_back(devices, Outcome::acknowledged);
    }
  }

  /// Stores the messages of one device but those of `left_out`.
  void store(std::size_t device, const std::set<std::uint64_t>& left_out = {}) {
    json points = json::array();
    for (const auto& burst : deeds.bursts) {
      if (!left_out.contains(burst.k)) {
        points.push_back({{"ts", first_due_ms + 1'000 * static_cast<std::int64_t>(burst.k)},
                          {"values", {{"seq", burst.k}, {"temperature", 21.5}}}});
      }
    }
    const auto answer = sandbox.call(
        "POST",
        fmt::format("/api/plugins/telemetry/DEVICE/{}/timeseries/ANY", deeds.devices[device].id),
        points.dump());
    ASSERT_EQ(answer.status, 200) << answer.body;
  }

  void store_all() {
    for (std::size_t i = 0; i < deeds.devices.size(); ++i) {
      store(i);
    }
  }

  Storage verify() {
    thingsboard::Session session(server, support::real_clock());
    return verification::verify(deeds, dir.path(), session, 60s, support::real_clock(), {});
  }

  test::SandboxProcess sandbox;
  test::TempDir dir;
  config::ThingsBoard server;
  RunDeeds deeds;
};

TEST_F(VerificationTest, EverythingStoredIsComplete) {
  make_run(20, 10);
  store_all();
  const Storage found = verify();
  EXPECT_EQ(found.state, Storage::State::complete) << found.trouble;
  EXPECT_EQ(found.acknowledged, 200U);
  EXPECT_EQ(found.stored, 200U);
  EXPECT_EQ(found.missing_acknowledged, 0U);
  EXPECT_EQ(found.devices_verified, 20U);
}

TEST_F(VerificationTest, ExactlyWhatIsNotThereIsNamed) {
  make_run(4, 10);
  store(0);
  store(1, {3, 7});
  store(2, {9});
  store(3);
  deeds.outcomes[5][3] = Outcome::lost;            // stored all the same
  deeds.outcomes[9][2] = Outcome::unacknowledged;  // and not stored: nobody said it was
  const Storage found = verify();
  ASSERT_EQ(found.state, Storage::State::complete) << found.trouble;
  EXPECT_EQ(found.acknowledged, 38U);
  EXPECT_EQ(found.missing_acknowledged, 2U);
  EXPECT_EQ(found.stored_unacknowledged, 1U);
  EXPECT_EQ(found.stored, 37U);
  ASSERT_EQ(found.missing.size(), 2U);
  EXPECT_EQ(found.missing[0].name, "dev-001");
  EXPECT_EQ(found.missing[0].k, 3U);
  EXPECT_EQ(found.missing[0].due, 1'782'736'003.0);
  EXPECT_EQ(found.missing[1].k, 7U);
  EXPECT_EQ(found.acknowledged + found.stored_unacknowledged,
            found.stored + found.missing_acknowledged + found.unverified);
}

TEST_F(VerificationTest, AValueThatIsNoNumberIsNoBurst) {
  make_run(1, 5);
  store(0, {0, 1});
  const json points{{"ts", first_due_ms}, {"values", {{"seq", "zero"}}}};
  const auto answer = sandbox.call(
      "POST", fmt::format("/api/plugins/telemetry/DEVICE/{}/timeseries/ANY", deeds.devices[0].id),
      points.dump());
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Storage found = verify();
  ASSERT_EQ(found.state, Storage::State::complete) << found.trouble;
  ASSERT_EQ(found.missing.size(), 2U);
  EXPECT_EQ(found.missing[0].k, 0U);
  EXPECT_EQ(found.missing[1].k, 1U);
}

TEST_F(VerificationTest, ManyNumbersAreReadPageByPage) {
  make_run(1, 2'500);
  store(0, {1'000, 2'499});
  const Storage found = verify();
  ASSERT_EQ(found.state, Storage::State::complete) << found.trouble;
  EXPECT_EQ(found.stored, 2'498U);
  ASSERT_EQ(found.missing.size(), 2U);
  EXPECT_EQ(found.missing[0].k, 1'000U);
  EXPECT_EQ(found.missing[1].k, 2'499U);
}

TEST_F(VerificationTest, PointsOfAnotherRunDoNotCount) {
  make_run(1, 5);
  store(0);
  deeds.bursts.pop_back();
  deeds.outcomes.pop_back();
  EXPECT_EQ(verify().stored, 4U);
}

TEST_F(VerificationTest, ADeviceDeletedMeanwhileIsCountedApart) {
  make_run(3, 5);
  store_all();
  ASSERT_EQ(sandbox.call("DELETE", "/api/device/" + deeds.devices[1].id).status, 200);
  const Storage found = verify();
  EXPECT_EQ(found.state, Storage::State::complete) << found.trouble;
  EXPECT_EQ(found.devices_deleted, 1U);
  EXPECT_EQ(found.unverified, 5U);
  EXPECT_EQ(found.stored, 10U);
  EXPECT_EQ(found.missing_acknowledged, 0U);
}

TEST_F(VerificationTest, ADeviceWithoutAKnownIdIsFoundByItsName) {
  make_run(2, 5);
  store_all();
  deeds.devices[1].id.clear();
  EXPECT_EQ(verify().stored, 10U);
}

TEST_F(VerificationTest, ARateLimitIsWaitedOut) {
  make_run(5, 5);
  store_all();
  sandbox.fault(
      {{"rest", {{"path", "/api/plugins/*"}, {"status", 429}, {"times", 2}, {"retry_after", 1}}}});
  const Storage found = verify();
  EXPECT_EQ(found.state, Storage::State::complete) << found.trouble;
  EXPECT_EQ(found.stored, 25U);
  EXPECT_EQ(found.rate_limited, 2U);
}

TEST_F(VerificationTest, WhatCouldNotBeReadIsTriedAgainTheNextTimeAndOnlyThat) {
  make_run(6, 5);
  store_all();
  sandbox.fault({{"rest",
                  {{"path", fmt::format("/api/plugins/telemetry/DEVICE/{}/*", deeds.devices[2].id)},
                   {"status", 500}}}});
  const Storage first = verify();
  EXPECT_EQ(first.state, Storage::State::incomplete);
  EXPECT_EQ(first.devices_unread, 1U);
  EXPECT_EQ(first.unverified, 5U);
  EXPECT_THAT(first.trouble, HasSubstr("1 device could not be read"));
  ASSERT_TRUE(metrics::write_storage(dir.path(), first));

  sandbox.clear_faults();
  // The others are not asked again: they would fail now.
  sandbox.fault({{"rest",
                  {{"path", fmt::format("/api/plugins/telemetry/DEVICE/{}/*", deeds.devices[0].id)},
                   {"status", 500}}}});
  const Storage second = verify();
  EXPECT_EQ(second.state, Storage::State::complete) << second.trouble;
  EXPECT_EQ(second.stored, 30U);
}

TEST_F(VerificationTest, WhoMayNotReadIsToldWhichRightIsMissing) {
  make_run(2, 2);
  store_all();
  server.username = "customer@thingsboard.org";
  server.password = "customer";
  const Storage found = verify();
  EXPECT_EQ(found.state, Storage::State::incomplete);
  EXPECT_THAT(found.trouble, HasSubstr("CUSTOMER_USER"));
  EXPECT_THAT(found.trouble, HasSubstr("tenant administrator"));
  EXPECT_EQ(found.unverified, 4U);

  thingsboard::Session session(server, support::real_clock());
  try {
    require_reading(session, deeds.devices[0].id, {});
    FAIL() << "a customer was let through";
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), support::ExitCode::unreachable);
    EXPECT_THAT(error.what(), HasSubstr("CUSTOMER_USER"));
  }
}

}  // namespace
}  // namespace stresskit::verification
