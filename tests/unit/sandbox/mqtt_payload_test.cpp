#include "sandbox/mqtt_payload.hpp"

#include <gtest/gtest.h>

namespace stresskit::sandbox {
namespace {

using Verdict = CheckedPayload::Verdict;

TEST(TransportTelemetryPayload, PassesOnGoodPayloadsUnchanged) {
  for (const std::string_view payload :
       {R"({"temperature":25.31,"humidity":50})", R"({"ts":1782736000000,"values":{"k":1}})",
        R"([{"a":1},{"ts":1,"values":{"a":2}}])", R"({})", R"({"a":null})", R"( {"a" : [1]} )"}) {
    const CheckedPayload checked = check_telemetry(payload);
    EXPECT_EQ(checked.verdict, Verdict::good) << payload;
    EXPECT_EQ(checked.json, payload);
  }
}

TEST(TransportTelemetryPayload, CountsTheValuesThatAreNotNull) {
  EXPECT_EQ(check_telemetry(R"({"a":1,"b":null,"c":"x"})").data_points, 2U);
  EXPECT_EQ(check_telemetry(R"([{"a":1},{"ts":1,"values":{"a":2,"b":3}}])").data_points, 3U);
  EXPECT_EQ(check_telemetry("{}").data_points, 0U);
  EXPECT_EQ(check_telemetry(R"({"ts":5})").data_points, 1U) << "ts without values is a value";
}

TEST(TransportTelemetryPayload, RewritesLenientJsonStrictly) {
  EXPECT_EQ(check_telemetry("{a:1}").json, R"({"a":1})");
  EXPECT_EQ(check_telemetry("{'ts':'1782736000000',values:{a:b}}").json,
            R"({"ts":1782736000000,"values":{"a":"b"}})");
}

TEST(TransportTelemetryPayload, RefusesWhatIsNoObjectOrArrayOfObjects) {
  for (const std::string_view payload :
       {"", "5", "\"x\"", "null", R"({"a":)", "[1]", "[[]]", R"([{"a":1},2])",
        R"({"ts":1,"values":5})", R"({"ts":1,"values":[]})"}) {
    EXPECT_EQ(check_telemetry(payload).verdict, Verdict::invalid) << payload;
  }
}

TEST(TransportTelemetryPayload, IsNotReadyForATsThatIsNoNumber) {
  for (const std::string_view ts : {R"("x")", "null", "true", "{}", R"("1.5")", R"("")"}) {
    const std::string payload = R"({"ts":)" + std::string(ts) + R"(,"values":{"a":1}})";
    EXPECT_EQ(check_telemetry(payload).verdict, Verdict::unexpected) << payload;
  }
  EXPECT_EQ(check_telemetry(R"({"ts":1.5,"values":{"a":1}})").verdict, Verdict::good);
}

TEST(TransportTelemetryPayload, HasNothingToAcknowledgeInAnEmptyArray) {
  EXPECT_EQ(check_telemetry("[]").verdict, Verdict::nothing);
  EXPECT_EQ(check_telemetry(" [ ] ").verdict, Verdict::nothing);
}

TEST(TransportAttributesPayload, IsAnObject) {
  EXPECT_EQ(check_attributes(R"({"fw":"1.0"})").verdict, Verdict::good);
  EXPECT_EQ(check_attributes("{fw:'1.0'}").json, R"({"fw":"1.0"})");
  EXPECT_EQ(check_attributes("[]").verdict, Verdict::invalid);
  EXPECT_EQ(check_attributes("").verdict, Verdict::invalid);
}

TEST(TransportRpcMethod, IsReadFromAnObjectOnly) {
  EXPECT_EQ(rpc_method(R"({"method":"getSessionLimits","params":{}})"), "getSessionLimits");
  EXPECT_EQ(rpc_method(R"({"method":5})"), "");
  EXPECT_EQ(rpc_method(R"([])"), "");
  EXPECT_EQ(rpc_method(R"({"met)"), "");
}

}  // namespace
}  // namespace stresskit::sandbox
