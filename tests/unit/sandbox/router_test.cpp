#include "sandbox/router.hpp"

#include <gtest/gtest.h>

namespace stresskit::sandbox {
namespace {

Answer nothing(const RestCall&) {
  return {};
}

TEST(Router, HandsOverWhatStoodForThePlaceholders) {
  Router router;
  router.add("GET", "/api/device/{}/credentials", Access::tenant, nothing);
  const auto match = router.find("GET", "/api/device/42/credentials");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.values, std::vector<std::string>{"42"});
}

TEST(Router, PrefersTheRouteThatCameFirst) {
  Router router;
  router.add("GET", "/api/info/default", Access::open, nothing);
  router.add("GET", "/api/info/{}", Access::tenant, nothing);
  EXPECT_EQ(router.find("GET", "/api/info/default").route->access, Access::open);
  EXPECT_EQ(router.find("GET", "/api/info/1").route->access, Access::tenant);
}

TEST(Router, NamesTheMethodsOfAPathThatIsAskedWithAnother) {
  Router router;
  router.add("GET", "/api/device/{}", Access::open, nothing);
  router.add("DELETE", "/api/device/{}", Access::open, nothing);
  const auto match = router.find("PATCH", "/api/device/1");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allowed, "GET,DELETE");
}

TEST(Router, FitsWholePathsOnly) {
  Router router;
  router.add("GET", "/api/device/{}", Access::open, nothing);
  EXPECT_EQ(router.find("GET", "/api/device").route, nullptr);
  EXPECT_EQ(router.find("GET", "/api/device/1/2").route, nullptr);
}

}  // namespace
}  // namespace stresskit::sandbox
