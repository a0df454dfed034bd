#include "sandbox/mqtt_topics.hpp"

#include <gtest/gtest.h>

namespace stresskit::sandbox {
namespace {

using Kind = Topic::Kind;

TEST(TransportTopics, AreMatchedExactly) {
  EXPECT_EQ(classify_topic("v1/devices/me/telemetry").kind, Kind::telemetry);
  EXPECT_EQ(classify_topic("v2/t").kind, Kind::telemetry);
  EXPECT_EQ(classify_topic("v2/t/j").kind, Kind::telemetry);
  EXPECT_EQ(classify_topic("v2/t/p").kind, Kind::protobuf);
  EXPECT_EQ(classify_topic("v1/devices/me/attributes").kind, Kind::attributes);
  EXPECT_EQ(classify_topic("v1/devices/me/claim").kind, Kind::claim);
  for (const std::string_view topic : {"v1/devices/me/Telemetry", "v1/devices/me/telemetry/",
                                       "/v1/devices/me/telemetry", "v2/t/x", "v1/devices", "x"}) {
    EXPECT_EQ(classify_topic(topic).kind, Kind::unknown) << topic;
  }
}

TEST(TransportTopics, OfRequestsNameWhereTheAnswerGoes) {
  const Topic attributes = classify_topic("v1/devices/me/attributes/request/12");
  EXPECT_EQ(attributes.kind, Kind::attribute_request);
  EXPECT_EQ(attributes.response, "v1/devices/me/attributes/response/12");
  EXPECT_EQ(classify_topic("v1/devices/me/rpc/request/1").response, "v1/devices/me/rpc/response/1");
  EXPECT_EQ(classify_topic("v2/r/req/j/7").response, "v2/r/res/j/7");
  EXPECT_EQ(classify_topic("v1/devices/me/rpc/response/1").kind, Kind::rpc_response);
}

TEST(TransportTopics, OfGatewaysAreAKindOfTheirOwn) {
  EXPECT_EQ(classify_topic("v1/gateway/telemetry").kind, Kind::gateway);
  EXPECT_EQ(classify_topic("v1/gatewayish").kind, Kind::gateway) << "only the beginning counts";
}

TEST(TransportSubscriptions, AreAFixedListOfFilters) {
  EXPECT_TRUE(can_subscribe("v1/devices/me/rpc/request/+"));
  EXPECT_TRUE(can_subscribe("v1/devices/me/attributes/response/+"));
  EXPECT_FALSE(can_subscribe("v1/devices/me/rpc/request/1"));
  EXPECT_FALSE(can_subscribe("v1/devices/me/telemetry"));
  EXPECT_FALSE(can_subscribe("#"));
  EXPECT_TRUE(subscription_reaches_core("v1/devices/me/attributes"));
  EXPECT_FALSE(subscription_reaches_core("v1/devices/me/attributes/response/+"));
}

}  // namespace
}  // namespace stresskit::sandbox
