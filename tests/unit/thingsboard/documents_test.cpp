#include "thingsboard/curl_error.hpp"
#include "thingsboard/json.hpp"
#include "thingsboard/jwt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <chrono>

namespace stresskit::thingsboard {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr const char* device_body =
    R"({"id":{"entityType":"DEVICE","id":"d-1"},"name":"sim-001","type":"default","label":null,)"
    R"("customerId":{"entityType":"CUSTOMER","id":"c-1"},"version":2,"additionalInfo":{"a":1},)"
    R"("deviceProfileId":{"entityType":"DEVICE_PROFILE","id":"p-1"}})";

TEST(Documents, NullsBecomeEmptyTexts) {
  const Device device = read_device(device_body);
  EXPECT_EQ(device.id, "d-1");
  EXPECT_EQ(device.label, "");
  EXPECT_EQ(device.profile_id, "p-1");
}

TEST(Documents, ChangeByTypeGivesUpTheProfileAndKeepsTheRest) {
  const json changed = changed_device(json::parse(device_body), {"lab", "sensor", ""});
  EXPECT_EQ(changed.at("type"), "sensor");
  EXPECT_TRUE(changed.at("deviceProfileId").is_null());
  EXPECT_EQ(changed.at("label"), "lab");
  EXPECT_EQ(changed.at("customerId").at("id"), "c-1");
  EXPECT_EQ(changed.at("additionalInfo").at("a"), 1);
  EXPECT_EQ(changed.at("version"), 2);
}

TEST(Documents, ChangeOfTheLabelAloneKeepsTheProfile) {
  const json changed = changed_device(json::parse(device_body), {"lab", "default", ""});
  EXPECT_EQ(changed.at("deviceProfileId").at("id"), "p-1");
}

TEST(Documents, ChangeByProfileIdSendsTheId) {
  const json changed = changed_device(json::parse(device_body), {"", "", "p-2"});
  EXPECT_EQ(changed.at("deviceProfileId").at("id"), "p-2");
  EXPECT_EQ(changed.at("deviceProfileId").at("entityType"), "DEVICE_PROFILE");
  EXPECT_TRUE(changed.at("label").is_null());
}

TEST(Documents, NewDeviceSendsNoEmptyFields) {
  EXPECT_EQ(new_device({"n", "", "", "", "t"}), (json{{"name", "n"}, {"label", nullptr}}));
  EXPECT_EQ(new_device({"n", "l", "sensor", "p", "t"}).contains("type"), false);
}

TEST(Documents, AttributesThatAreNoPlainValueAreLeftOut) {
  const Attributes attributes = read_attributes(
      R"([{"key":"a","value":1},{"key":"b","value":{"x":1}},{"key":"c","value":null}])");
  EXPECT_EQ(attributes, (Attributes{{"a", std::int64_t{1}}}));
}

TEST(Jwt, ReadsRoleAndLifeTime) {
  // {"sub":"a","scopes":["TENANT_ADMIN"],"iat":1000,"exp":10000}
  const Claims claims = read_claims(
      "eyJhbGciOiJIUzUxMiJ9."
      "eyJzdWIiOiJhIiwic2NvcGVzIjpbIlRFTkFOVF9BRE1JTiJdLCJpYXQiOjEwMDAsImV4cCI6MTAwMDB9.x");
  EXPECT_EQ(claims.authority, "TENANT_ADMIN");
  EXPECT_EQ(claims.life_time, 9'000s);
}

TEST(Jwt, ATokenForEverLivesAYearAndOneThatEndsBeforeItBeginsHasNoLifeTime) {
  // {"iat":0,"exp":18446744073709551615} and {"iat":2,"exp":1}
  EXPECT_EQ(read_claims(".eyJpYXQiOjAsImV4cCI6MTg0NDY3NDQwNzM3MDk1NTE2MTV9.").life_time,
            std::chrono::days(366));
  EXPECT_EQ(read_claims(".eyJpYXQiOjIsImV4cCI6MX0.").life_time, std::nullopt);
}

TEST(Jwt, AnythingElseHasNoClaims) {
  for (const char* text : {"", "abc", "a.b", "a.b.c", "..", ".e30.", ".W10.", ".eyJ", "a.!!!.c"}) {
    const Claims claims = read_claims(text);
    EXPECT_EQ(claims.authority, "") << text;
    EXPECT_EQ(claims.life_time, std::nullopt) << text;
  }
}

TEST(CurlErrors, HaveOurNames) {
  EXPECT_EQ(kind_of(CURLE_COULDNT_RESOLVE_HOST, 0), ErrorKind::resolve);
  EXPECT_EQ(kind_of(CURLE_COULDNT_CONNECT, ECONNREFUSED), ErrorKind::refused);
  EXPECT_EQ(kind_of(CURLE_COULDNT_CONNECT, EHOSTUNREACH), ErrorKind::network);
  EXPECT_EQ(kind_of(CURLE_OPERATION_TIMEDOUT, 0), ErrorKind::timed_out);
  EXPECT_EQ(kind_of(CURLE_GOT_NOTHING, 0), ErrorKind::connection_cut);
  EXPECT_EQ(kind_of(CURLE_SEND_FAIL_REWIND, 0), ErrorKind::connection_cut);
  EXPECT_EQ(kind_of(CURLE_SSL_CONNECT_ERROR, 0), ErrorKind::tls);
  EXPECT_EQ(kind_of(CURLE_PEER_FAILED_VERIFICATION, 0), ErrorKind::untrusted);
  EXPECT_EQ(kind_of(CURLE_UNSUPPORTED_PROTOCOL, 0), ErrorKind::not_thingsboard);
  EXPECT_EQ(kind_of(CURLE_WRITE_ERROR, 0), ErrorKind::bad_answer);
  EXPECT_EQ(kind_of(CURLE_INTERFACE_FAILED, 0), ErrorKind::network);
}

}  // namespace
}  // namespace stresskit::thingsboard
