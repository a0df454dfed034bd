#include "sandbox/device_registry.hpp"

#include "sandbox/answer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

/// What the platform says when it refuses; empty when it does not.
template <class Action>
std::string refusal_of(Action action) {
  try {
    action();
    return {};
  } catch (const Refusal& refusal) {
    return nlohmann::json::parse(refusal.answer().body).at("message").get<std::string>();
  }
}

class DeviceRegistryTest : public testing::Test {
 protected:
  Device create(const std::string& name, const std::string& token = {}) {
    DeviceDraft draft;
    draft.name = name;
    std::optional<Credentials> credentials;
    if (!token.empty()) {
      credentials.emplace();
      credentials->credentials_id = token;
    }
    return registry_.create(draft, credentials, {});
  }

  std::vector<std::string> names(const PageQuery& query) {
    std::vector<std::string> all;
    for (const Device& device : registry_.list(query, {}).data) all.push_back(device.name);
    return all;
  }

  Ids ids_;
  DeviceRegistry registry_{ids_};
};

TEST_F(DeviceRegistryTest, LeavesNothingBehindWhenTheTokenIsTaken) {
  create("a", "token");
  EXPECT_EQ(refusal_of([&] { create("b", "token"); }),
            "Device credentials are already assigned to another device!");
  EXPECT_FALSE(registry_.find_by_name("b"));
  EXPECT_EQ(registry_.size(), 1);
}

TEST_F(DeviceRegistryTest, FreesNameAndTokenWithTheDevice) {
  EXPECT_TRUE(registry_.erase(create("a", "token").id));
  EXPECT_NE(create("a", "token").id, "");
}

TEST_F(DeviceRegistryTest, MakesUpATokenOfTwentyCharacters) {
  EXPECT_EQ(registry_.credentials_of(create("a").id)->credentials_id.size(), 20);
}

TEST_F(DeviceRegistryTest, NamesATypeThatIsNewAProfile) {
  DeviceDraft draft;
  draft.name = "a";
  draft.type = "load";
  const Device first = registry_.create(draft, {}, {});
  draft.name = "b";
  const Device second = registry_.create(draft, {}, {});
  EXPECT_EQ(first.profile_id, second.profile_id);
  EXPECT_EQ(registry_.find_profile(first.profile_id)->name, "load");
}

TEST_F(DeviceRegistryTest, TakesTheTypeFromTheProfileWhenBothAreGiven) {
  DeviceDraft draft;
  draft.name = "a";
  draft.type = "load";
  draft.profile_id = registry_.default_profile().id;
  EXPECT_EQ(registry_.create(draft, {}, {}).type, "default");
}

TEST_F(DeviceRegistryTest, RefusesAnUpdateOfAnOldVersion) {
  DeviceDraft draft;
  draft.id = create("a").id;
  draft.name = "a";
  draft.version = 1;
  EXPECT_EQ(registry_.update(draft).version, 2);
  EXPECT_EQ(refusal_of([&] { registry_.update(draft); }),
            "Device was already changed by someone else");
}

TEST_F(DeviceRegistryTest, FindsARenamedDeviceUnderItsNewNameOnly) {
  DeviceDraft draft;
  draft.id = create("a").id;
  draft.name = "b";
  registry_.update(draft);
  EXPECT_FALSE(registry_.find_by_name("a"));
  EXPECT_TRUE(registry_.find_by_name("b"));
}

TEST_F(DeviceRegistryTest, NumbersNamesWhenAskedTo) {
  create("a");
  DeviceDraft draft;
  draft.name = "a";
  EXPECT_EQ(registry_.create(draft, {}, {true, true, "-"}).name, "a-1");
  EXPECT_EQ(registry_.create(draft, {}, {true, true, "-"}).name, "a-2");
}

TEST_F(DeviceRegistryTest, RefusesMoreThanTheTenantMayHave) {
  registry_.set_max_devices(1);
  create("a");
  EXPECT_EQ(refusal_of([&] { create("b"); }), "Devices limit reached");
}

TEST_F(DeviceRegistryTest, ListsByNameEitherWayRound) {
  for (const char* name : {"b", "c", "a"}) create(name);
  PageQuery query;
  query.sort_property = "name";
  EXPECT_EQ(names(query), (std::vector<std::string>{"a", "b", "c"}));
  query.descending = true;
  EXPECT_EQ(names(query), (std::vector<std::string>{"c", "b", "a"}));
}

TEST_F(DeviceRegistryTest, SearchesLabelsToo) {
  DeviceDraft draft;
  draft.name = "a";
  draft.label = "Kitchen";
  registry_.create(draft, {}, {});
  create("b");
  PageQuery query;
  query.text_search = "kit";
  EXPECT_EQ(names(query), (std::vector<std::string>{"a"}));
}

TEST_F(DeviceRegistryTest, MovesADeviceToItsNewToken) {
  const Device device = create("a", "old");
  Credentials changed = *registry_.credentials_of(device.id);
  changed.credentials_id = "new";
  EXPECT_EQ(registry_.update_credentials(changed, true).version, 2);
  EXPECT_FALSE(registry_.find_credentials("old"));
  EXPECT_EQ(registry_.find_credentials("new")->device_id, device.id);
}

}  // namespace
}  // namespace stresskit::sandbox
