#include "provision/device_maker.hpp"

#include <gtest/gtest.h>

#include <set>

namespace stresskit::provision {
namespace {

using thingsboard::Attributes;

Wanted wanted() {
  Wanted out;
  out.prefix = "sim";
  out.type = "sensor";
  out.batch = "sim-20261123";
  return out;
}

TEST(MissingAttributes, AreAllThreeForANewDevice) {
  EXPECT_EQ(missing_attributes({}, wanted(), 7),
            (Attributes{{"batch", "sim-20261123"}, {"group", "sim"}, {"index", std::int64_t{7}}}));
}

TEST(MissingAttributes, AreNoneWhenEverythingIsThere) {
  EXPECT_TRUE(missing_attributes({{"batch", "sim-20260101"},
                                  {"group", "sim"},
                                  {"index", std::int64_t{7}},
                                  {"active", true}},
                                 wanted(), 7)
                  .empty());
}

TEST(MissingAttributes, AreThoseThatDifferInValueOrType) {
  const Attributes present{{"batch", "x"}, {"group", "lab"}, {"index", "7"}};
  EXPECT_EQ(missing_attributes(present, wanted(), 7),
            (Attributes{{"group", "sim"}, {"index", std::int64_t{7}}}));
}

TEST(ProfileDiffers, ComparesTheTypeUnlessAProfileIdDecides) {
  thingsboard::Device device;
  device.type = "sensor";
  device.profile_id = "p-1";
  Wanted by_type = wanted();
  EXPECT_FALSE(profile_differs(device, by_type));
  by_type.type = "other";
  EXPECT_TRUE(profile_differs(device, by_type));
  Wanted by_id;
  by_id.profile_id = "p-1";
  EXPECT_FALSE(profile_differs(device, by_id));
  by_id.profile_id = "p-2";
  EXPECT_TRUE(profile_differs(device, by_id));
}

TEST(AccessToken, IsTwentyLettersAndDigitsAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string token = new_access_token();
    EXPECT_EQ(token.size(), 20U);
    EXPECT_EQ(
        token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
        std::string::npos);
    seen.insert(token);
  }
  EXPECT_EQ(seen.size(), 100U);
}

}  // namespace
}  // namespace stresskit::provision
