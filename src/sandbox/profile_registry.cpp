// The device profiles of the registry: found by id or name, made on the fly for a new type.
#include "sandbox/answer.hpp"
#include "sandbox/device_registry.hpp"
#include "sandbox/server_clock.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace stresskit::sandbox {

const Profile& DeviceRegistry::profile_for(const DeviceDraft& draft) {
  if (!draft.profile_id.empty()) {
    const auto found = profiles_.find(draft.profile_id);
    if (found == profiles_.end()) {
      throw bad_request("Device is referencing non existing device profile!");
    }
    return found->second;
  }
  if (!draft.type.empty()) return profile_named(draft.type);
  return profiles_.at(default_profile_id_);
}

const Profile& DeviceRegistry::profile_named(const std::string& name) {
  const auto found = std::find_if(profiles_.begin(), profiles_.end(),
                                  [&](const auto& entry) { return entry.second.name == name; });
  if (found != profiles_.end()) return found->second;
  Profile profile;
  profile.id = ids_.uuid();
  profile.created_ms = now_ms();
  profile.name = name;
  return profiles_.emplace(profile.id, profile).first->second;
}

Profile DeviceRegistry::default_profile() const {
  const std::shared_lock lock(mutex_);
  return profiles_.at(default_profile_id_);
}

std::optional<Profile> DeviceRegistry::find_profile(const std::string& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = profiles_.find(id);
  return found == profiles_.end() ? std::nullopt : std::optional(found->second);
}

Page<Profile> DeviceRegistry::list_profiles(const PageQuery& query) const {
  const std::shared_lock lock(mutex_);
  std::vector<Profile> matching;
  for (const auto& [id, profile] : profiles_) {
    if (contains_like(profile.name, query.text_search)) matching.push_back(profile);
  }
  return cut_page(matching, query);
}

Profile DeviceRegistry::create_profile(Profile profile) {
  const std::unique_lock lock(mutex_);
  if (profile.name.empty()) throw bad_request("Device profile name should be specified!");
  const bool taken = std::any_of(profiles_.begin(), profiles_.end(), [&](const auto& entry) {
    return entry.second.name == profile.name;
  });
  if (taken) throw bad_request("Device profile with such name already exists!");
  profile.id = ids_.uuid();
  profile.created_ms = now_ms();
  profiles_.emplace(profile.id, profile);
  return profile;
}

}  // namespace stresskit::sandbox
