#pragma once

#include "sandbox/devices.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/paging.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace stresskit::sandbox {

/// Which devices a list is about; empty fields ask for nothing.
struct DeviceFilter {
  std::string type;
  std::string profile_id;
  std::function<bool(const Device&)> also;  ///< called under the registry's lock
};

/// The tenant's devices with their credentials and profiles: what they may be, and indexes by id,
/// name and token, so that creating and deleting stay as fast with 15,000 devices as with ten.
///
/// Errors: what the platform refuses is thrown as Refusal, in its own words.
/// Threads: every method may be called from any thread.
class DeviceRegistry {
 public:
  explicit DeviceRegistry(Ids& ids);

  /// Creates a device and its credentials, or neither. No credentials: a random access token.
  Device create(const DeviceDraft& draft, std::optional<Credentials> credentials,
                const NameConflict& conflict);
  Device update(const DeviceDraft& draft);

  [[nodiscard]] std::optional<Device> find(const std::string& id) const;
  [[nodiscard]] bool contains(const std::string& id) const;
  [[nodiscard]] std::optional<Device> find_by_name(const std::string& name) const;
  [[nodiscard]] Page<Device> list(const PageQuery& query, const DeviceFilter& filter) const;
  /// Devices of any of these types whose name starts with `prefix` (`%` and `_` as wildcards).
  [[nodiscard]] std::size_t count(const std::vector<std::string>& types,
                                  const std::string& prefix) const;
  [[nodiscard]] std::size_t size() const;
  /// Whether there was such a device.
  bool erase(const std::string& id);

  [[nodiscard]] std::optional<Credentials> credentials_of(const std::string& device_id) const;
  [[nodiscard]] std::optional<Credentials> find_credentials(
      const std::string& credentials_id) const;
  /// `changed.version` is compared only when `check_version`. Returns what is stored now.
  Credentials update_credentials(Credentials changed, bool check_version);

  [[nodiscard]] Profile default_profile() const;
  [[nodiscard]] std::optional<Profile> find_profile(const std::string& id) const;
  [[nodiscard]] Page<Profile> list_profiles(const PageQuery& query) const;
  Profile create_profile(Profile profile);

  /// How many devices the tenant may have; 0 = no limit.
  void set_max_devices(std::size_t most) { max_devices_ = most; }
  [[nodiscard]] std::size_t max_devices() const { return max_devices_; }

 private:
  [[nodiscard]] const Profile& profile_for(const DeviceDraft& draft);
  [[nodiscard]] const Profile& profile_named(const std::string& name);
  [[nodiscard]] std::string free_name(const std::string& wanted, const NameConflict& conflict);
  void require_free(const std::string& credentials_id) const;
  void require_room() const;

  Ids& ids_;
  std::atomic<std::size_t> max_devices_ = 0;

  mutable std::shared_mutex mutex_;
  // guarded by mutex_
  std::map<std::string, Device> devices_;  ///< in the order of a list that asks for none
  std::unordered_map<std::string, std::string> id_by_name_;
  std::unordered_map<std::string, Credentials> credentials_;  ///< by device id
  std::unordered_map<std::string, std::string> device_by_credentials_id_;
  std::map<std::string, Profile> profiles_;
  std::string default_profile_id_;
};

}  // namespace stresskit::sandbox
