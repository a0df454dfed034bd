#include "sandbox/platform.hpp"

#include <gtest/gtest.h>

namespace stresskit::sandbox {
namespace {

class PlatformTest : public testing::Test {
 protected:
  std::string create(const std::string& name, const std::string& token) {
    DeviceDraft draft;
    draft.name = name;
    Credentials credentials;
    credentials.credentials_id = token;
    return platform_.create_device(draft, credentials, {}).id;
  }
  std::string create_basic(const std::string& client_id, const std::string& user_name,
                           const std::string& value) {
    DeviceDraft draft;
    draft.name = "basic";
    Credentials credentials;
    credentials.type = CredentialsType::mqtt_basic;
    credentials.credentials_id = basic_credentials_id(client_id, user_name);
    credentials.value = value;
    return platform_.create_device(draft, credentials, {}).id;
  }
  [[nodiscard]] std::int64_t samples(const std::string& device) const {
    HistoryQuery query{0, 100, 100, Aggregation::count, 100, false};
    const auto counted = platform_.telemetry.history(device, "a", query);
    return counted.empty() ? 0 : std::get<std::int64_t>(counted.front().value);
  }

  Platform platform_{"tenant@thingsboard.org", "tenant"};
};

ConnectRequest user(const std::string& name) {
  return {name, true, "client", "", false};
}

TEST_F(PlatformTest, TakesATokenAsUserNameWhateverTheRest) {
  const std::string device = create("a", "token");
  ConnectRequest request = user("token");
  request.password = "anything";
  request.has_password = true;
  const ConnectVerdict verdict = platform_.judge(request);
  EXPECT_EQ(verdict.code, 0);
  EXPECT_EQ(verdict.device, device);
}

TEST_F(PlatformTest, RefusesCredentialsWithTheRecordedCodes) {
  const ConnectVerdict unknown = platform_.judge(user("unknown"));
  EXPECT_EQ(unknown.code, 5);
  EXPECT_EQ(unknown.code_v5, 0x86);
  const ConnectVerdict nothing = platform_.judge({});
  EXPECT_EQ(nothing.code, 5);
  EXPECT_EQ(nothing.code_v5, 0x87);
  const ConnectVerdict client_only = platform_.judge({"", false, "unregistered", "", false});
  EXPECT_EQ(client_only.code, 2);
  EXPECT_EQ(client_only.code_v5, 0x85);
  EXPECT_EQ(platform_.judge({"", true, "client", "", false}).code_v5, 0x86);
}

TEST_F(PlatformTest, ComparesThePasswordOfBasicCredentials) {
  create_basic("c", "u", R"({"clientId":"c","userName":"u","password":"p"})");
  EXPECT_EQ(platform_.judge({"u", true, "c", "p", true}).code, 0);
  EXPECT_EQ(platform_.judge({"u", true, "c", "wrong", true}).code, 5);
  EXPECT_EQ(platform_.judge({"u", true, "other", "p", true}).code, 5);
}

TEST_F(PlatformTest, CountsAMessageThatIsAcceptedAndThenLost) {
  const std::string device = create("a", "token");
  platform_.take_telemetry(device, R"({"ts":1,"values":{"a":1}})", 0);
  platform_.take_telemetry(device, R"({"ts":2,"values":{"a":1,"<b>":1}})", 0);
  EXPECT_EQ(platform_.recorder.totals().messages, 2);
  EXPECT_EQ(samples(device), 1);
}

TEST_F(PlatformTest, WritesAReceiptForWhatItAccepts) {
  const std::string device = create("a", "token");
  platform_.storage.configure({2, {}, 0, false, {}});
  platform_.take_telemetry(device, R"({"ts":1,"values":{"a":1,"seq":7}})", 0);
  platform_.take_telemetry(device, R"({"ts":2,"values":{"a":1,"seq":8}})", 0);
  platform_.take_telemetry(device, R"({"a":1,"seq":"no number"})", 3);
  const auto receipts = platform_.recorder.receipts(device);
  ASSERT_EQ(receipts.size(), 3);
  EXPECT_EQ(receipts[0].ts, 1);
  EXPECT_EQ(receipts[0].seq, 7);
  EXPECT_TRUE(receipts[0].stored);
  EXPECT_FALSE(receipts[1].stored) << "the second was thrown away";
  EXPECT_EQ(receipts[2].ts, 3);
  EXPECT_EQ(receipts[2].seq, std::nullopt);
  EXPECT_EQ(samples(device), 2);
}

TEST_F(PlatformTest, LosesWhatWaitsForTheStoreWhenTheTransportEnds) {
  const std::string device = create("a", "token");
  platform_.storage.configure({0, std::chrono::hours(1), 0, false, {}});
  platform_.take_telemetry(device, R"({"ts":1,"values":{"a":1}})", 0);
  EXPECT_EQ(platform_.storage.backlog(), 1);
  platform_.transport_ended();
  platform_.storage.configure({});
  EXPECT_EQ(platform_.storage.backlog(), 0);
  EXPECT_EQ(samples(device), 0);
  EXPECT_EQ(platform_.recorder.totals().messages, 1);
}

TEST_F(PlatformTest, StoresNothingLateOfADeviceThatIsGone) {
  const std::string device = create("a", "token");
  platform_.storage.configure({0, std::chrono::hours(1), 0, false, {}});
  platform_.take_telemetry(device, R"({"ts":1,"values":{"a":1}})", 0);
  platform_.delete_device(device);
  platform_.storage.configure({});
  EXPECT_EQ(platform_.telemetry.size(), 0);
}

TEST_F(PlatformTest, EndsTheSessionOfADeletedDeviceAndForgetsItsData) {
  std::vector<std::string> evicted;
  platform_.on_evict([&](const std::string& device, std::uint8_t) { evicted.push_back(device); });
  const std::string device = create("a", "token");
  platform_.take_telemetry(device, R"({"a":1})", 5);
  EXPECT_TRUE(platform_.delete_device(device));
  EXPECT_EQ(evicted, std::vector<std::string>{device});
  EXPECT_EQ(platform_.telemetry.size(), 0);
  EXPECT_FALSE(platform_.delete_device(device));
}

TEST_F(PlatformTest, StoresNothingOfADeviceThatIsGone) {
  const std::string device = create("a", "token");
  platform_.delete_device(device);
  platform_.take_telemetry(device, R"({"a":1})", 5);
  platform_.session_closed(1, device);
  EXPECT_EQ(platform_.telemetry.size(), 0);
  EXPECT_TRUE(platform_.attributes.list(device, std::nullopt).empty());
}

TEST_F(PlatformTest, TakesADeviceForActiveFromItsFirstSessionOn) {
  const std::string device = create("a", "token");
  EXPECT_FALSE(platform_.is_active(device));
  platform_.session_opened(1, device);
  EXPECT_TRUE(platform_.is_active(device));
}

}  // namespace
}  // namespace stresskit::sandbox
