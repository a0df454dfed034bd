#include "dashboard/password.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stresskit::dashboard {
namespace {

TEST(DashboardPassword, IsTakenAsBrowsersAndScrapersSendIt) {
  EXPECT_TRUE(holds_password("Basic YWRtaW46aHVudGVyMg==", "hunter2"));  // admin:hunter2
  EXPECT_TRUE(holds_password("basic Omh1bnRlcjI=", "hunter2"));          // :hunter2
  EXPECT_TRUE(holds_password("Basic YTpow6RuZA==", "h\u00e4nd"));        // UTF-8
}

TEST(DashboardPassword, NothingElseOpens) {
  for (const std::string header :
       {"", "Basic", "Basic ", "Basic YWRtaW46", "Basic YWRtaW46aHVudGVy",
        "Basic aHVudGVyMg==", "Bearer YWRtaW46aHVudGVyMg==", "Basic YWRtaW46aHVudGVyMmh1bnRlcjI=",
        "Basic ====", "Basic hunter2", "Basic YWRtaW46aHVudGVyMQ=="}) {
    EXPECT_FALSE(holds_password(header, "hunter2")) << header;
  }
}

}  // namespace
}  // namespace stresskit::dashboard
