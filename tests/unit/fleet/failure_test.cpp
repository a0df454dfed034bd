#include "stresskit/fleet/failure.hpp"

#include <gtest/gtest.h>

namespace stresskit::fleet {
namespace {

TEST(Failure, StagesAndBucketsAreSpelledAsInTheFiles) {
  EXPECT_EQ(to_string(Stage::startup), "startup");
  EXPECT_EQ(to_string(Stage::connect), "connect");
  EXPECT_EQ(to_string(Stage::publish), "publish");
  EXPECT_EQ(to_string(Stage::disconnect), "disconnect");
  EXPECT_EQ(to_string(Bucket::auth), "auth");
  EXPECT_EQ(to_string(Bucket::network), "network");
  EXPECT_EQ(to_string(Bucket::network_timeout), "network-timeout");
  EXPECT_EQ(to_string(Bucket::tls), "tls");
  EXPECT_EQ(to_string(Bucket::payload), "payload");
  EXPECT_EQ(to_string(Bucket::client_memory), "client-memory");
  EXPECT_EQ(to_string(Bucket::client_backpressure), "client-backpressure");
  EXPECT_EQ(to_string(Bucket::protocol), "protocol");
  EXPECT_EQ(to_string(Bucket::client_id), "client-id");
  EXPECT_EQ(to_string(Bucket::broker), "broker");
  EXPECT_EQ(to_string(Bucket::client), "client");
  EXPECT_EQ(to_string(Bucket::client_request), "client-request");
  EXPECT_EQ(to_string(Bucket::internal_error), "internal-error");
  EXPECT_EQ(to_string(Bucket::unknown), "unknown");
}

}  // namespace
}  // namespace stresskit::fleet
