#include "sandbox/device_registry.hpp"

#include "sandbox/answer.hpp"
#include "sandbox/server_clock.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace stresskit::sandbox {
namespace {

constexpr std::size_t longest_text = 255;  // DeviceDataValidator.java: name, type, label
constexpr std::size_t token_length = 20;   // of the tokens the platform makes up itself
constexpr std::size_t suffix_length = 6;   // of a name made unique

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

bool has_markup(const std::string& text) {
  const std::size_t tag = text.find('<');
  return (tag != std::string::npos && text.find('>', tag) != std::string::npos) ||
         text.find("{{") != std::string::npos;
}

void validate_text(const std::string& field, const std::string& text) {
  if (text.size() > longest_text) {
    throw bad_request(fmt::format("Validation error: {} length must be equal or less than {}",
                                  field, longest_text));
  }
  if (has_markup(text)) throw bad_request("Validation error: " + field + " is malformed");
}

void validate(const DeviceDraft& draft) {
  validate_text("name", draft.name);
  validate_text("type", draft.type);
  validate_text("label", draft.label.value_or(""));
  if (draft.name.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw bad_request("Device name should be specified!");
  }
}

void validate(const Credentials& credentials) {
  if (credentials.credentials_id.empty()) {
    throw bad_request("Device credentials id should be specified!");
  }
  if (has_control_character(credentials.credentials_id)) {
    throw bad_request("credentialsId must not contain control characters!");
  }
}

Refusal not_found(const std::string& id) {
  return {404, code_not_found, fmt::format("Device with id [{}] is not found", id)};
}

/// The field a list is sorted by; unknown ones are the database's trouble on the platform.
std::string sort_key(const Device& device, const std::string& property) {
  if (property == "name") return device.name;
  if (property == "type" || property == "deviceProfileName") return device.type;
  if (property == "label") return device.label.value_or("");
  if (property == "createdTime") return fmt::format("{:020}", device.created_ms);
  if (property == "id" || property.empty()) return device.id;
  throw Refusal(500, code_database, "Database error");
}

bool matches(const Device& device, const std::string& text_search, const DeviceFilter& filter) {
  return (filter.type.empty() || device.type == filter.type) &&
         (filter.profile_id.empty() || device.profile_id == filter.profile_id) &&
         (contains_like(device.name, text_search) ||
          (device.label && contains_like(*device.label, text_search))) &&
         (!filter.also || filter.also(device));
}

/// Sorts devices that come in the order of their ids, which breaks ties.
void sort(std::vector<const Device*>& devices, const PageQuery& query) {
  std::vector<std::pair<std::string, const Device*>> keyed;
  for (const Device* device : devices) {
    keyed.emplace_back(sort_key(*device, query.sort_property), device);
  }
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    return query.descending ? b.first < a.first : a.first < b.first;
  });
  std::transform(keyed.begin(), keyed.end(), devices.begin(),
                 [](const auto& entry) { return entry.second; });
}

}  // namespace

DeviceRegistry::DeviceRegistry(Ids& ids) : ids_(ids) {
  Profile profile;
  profile.name = "default";
  default_profile_id_ = create_profile(std::move(profile)).id;
}

Device DeviceRegistry::create(const DeviceDraft& draft, std::optional<Credentials> credentials,
                              const NameConflict& conflict) {
  validate(draft);
  const std::unique_lock lock(mutex_);
  require_room();
  const Profile& profile = profile_for(draft);
  Device device{ids_.uuid(),           now_ms(),         free_name(draft.name, conflict),
                profile.name,          draft.label,      profile.id,
                draft.additional_info, draft.is_gateway, 1};
  if (!credentials) {
    credentials.emplace();
    credentials->credentials_id = ids_.alphanumeric(token_length);
  }
  validate(*credentials);
  require_free(credentials->credentials_id);
  credentials->id = ids_.uuid();
  credentials->created_ms = device.created_ms;
  credentials->device_id = device.id;
  credentials->version = 1;

  id_by_name_.emplace(device.name, device.id);
  device_by_credentials_id_.emplace(credentials->credentials_id, device.id);
  credentials_.emplace(device.id, std::move(*credentials));
  devices_.emplace(device.id, device);
  return device;
}

Device DeviceRegistry::update(const DeviceDraft& draft) {
  const std::unique_lock lock(mutex_);
  const auto found = devices_.find(draft.id.value_or(""));
  if (found == devices_.end()) throw not_found(draft.id.value_or(""));
  validate(draft);
  Device& device = found->second;
  if (draft.version && *draft.version != device.version) {
    throw Refusal(409, code_version_conflict, "Device was already changed by someone else");
  }
  const Profile& profile = profile_for(draft);
  if (draft.name != device.name) {
    id_by_name_.emplace(free_name(draft.name, {}), device.id);
    id_by_name_.erase(device.name);
  }
  device.name = draft.name;
  device.type = profile.name;
  device.profile_id = profile.id;
  device.label = draft.label;
  device.additional_info = draft.additional_info;
  device.is_gateway = draft.is_gateway;
  ++device.version;
  return device;
}

void DeviceRegistry::require_room() const {
  const std::size_t most = max_devices_;
  if (most == 0 || devices_.size() < most) return;
  Answer answer = error_answer(403, code_limit_exceeded, "Devices limit reached");
  auto body = nlohmann::json::parse(answer.body);
  body["entityType"] = "DEVICE";
  body["limit"] = most;
  answer.body = body.dump();
  throw Refusal(std::move(answer));
}

void DeviceRegistry::require_free(const std::string& credentials_id) const {
  if (device_by_credentials_id_.contains(credentials_id)) {
    throw bad_request("Device credentials are already assigned to another device!");
  }
}

std::string DeviceRegistry::free_name(const std::string& wanted, const NameConflict& conflict) {
  if (!id_by_name_.contains(wanted)) return wanted;
  if (!conflict.uniquify) throw bad_request("Device with such name already exists!");
  for (int n = 1;; ++n) {
    const std::string suffix =
        conflict.incremental ? std::to_string(n) : ids_.lower_alphanumeric(suffix_length);
    std::string name = wanted + conflict.separator + suffix;
    if (!id_by_name_.contains(name)) return name;
  }
}

std::optional<Device> DeviceRegistry::find(const std::string& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = devices_.find(id);
  return found == devices_.end() ? std::nullopt : std::optional(found->second);
}

bool DeviceRegistry::contains(const std::string& id) const {
  const std::shared_lock lock(mutex_);
  return devices_.contains(id);
}

std::optional<Device> DeviceRegistry::find_by_name(const std::string& name) const {
  const std::shared_lock lock(mutex_);
  const auto found = id_by_name_.find(name);
  return found == id_by_name_.end() ? std::nullopt : std::optional(devices_.at(found->second));
}

Page<Device> DeviceRegistry::list(const PageQuery& query, const DeviceFilter& filter) const {
  const std::shared_lock lock(mutex_);
  (void)sort_key({}, query.sort_property);  // refuses an unknown one even when nothing matches
  std::vector<const Device*> matching;
  for (const auto& [id, device] : devices_) {
    if (matches(device, query.text_search, filter)) matching.push_back(&device);
  }
  // Without a wish, the map's own order stands.
  if (!query.sort_property.empty() || query.descending) sort(matching, query);
  const auto page = cut_page(matching, query);
  Page<Device> devices{{}, page.total, page.pages, page.has_next};
  for (const Device* device : page.data) devices.data.push_back(*device);
  return devices;
}

std::size_t DeviceRegistry::count(const std::vector<std::string>& types,
                                  const std::string& prefix) const {
  const std::shared_lock lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(devices_.begin(), devices_.end(), [&](const auto& entry) {
        const Device& device = entry.second;
        return std::find(types.begin(), types.end(), device.type) != types.end() &&
               starts_with_like(device.name, prefix);
      }));
}

std::size_t DeviceRegistry::size() const {
  const std::shared_lock lock(mutex_);
  return devices_.size();
}

bool DeviceRegistry::erase(const std::string& id) {
  const std::unique_lock lock(mutex_);
  const auto found = devices_.find(id);
  if (found == devices_.end()) return false;
  id_by_name_.erase(found->second.name);
  const auto credentials = credentials_.find(id);
  device_by_credentials_id_.erase(credentials->second.credentials_id);
  credentials_.erase(credentials);
  devices_.erase(found);
  return true;
}

std::optional<Credentials> DeviceRegistry::credentials_of(const std::string& device_id) const {
  const std::shared_lock lock(mutex_);
  const auto found = credentials_.find(device_id);
  return found == credentials_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Credentials> DeviceRegistry::find_credentials(
    const std::string& credentials_id) const {
  const std::shared_lock lock(mutex_);
  const auto found = device_by_credentials_id_.find(credentials_id);
  return found == device_by_credentials_id_.end() ? std::nullopt
                                                  : std::optional(credentials_.at(found->second));
}

Credentials DeviceRegistry::update_credentials(Credentials changed, bool check_version) {
  const std::unique_lock lock(mutex_);
  const auto found = credentials_.find(changed.device_id);
  if (found == credentials_.end()) throw not_found(changed.device_id);
  Credentials& stored = found->second;
  if (changed.id.empty()) throw bad_request("Credentials for this device are already specified!");
  if (changed.id != stored.id) {
    throw bad_request("Unable to update non-existent device credentials!");
  }
  if (check_version && changed.version != stored.version) {
    throw Refusal(409, code_version_conflict, "Entity was already changed by someone else");
  }
  validate(changed);
  if (changed.credentials_id != stored.credentials_id) {
    require_free(changed.credentials_id);
    device_by_credentials_id_.erase(stored.credentials_id);
    device_by_credentials_id_.emplace(changed.credentials_id, changed.device_id);
  }
  changed.created_ms = stored.created_ms;
  changed.version = stored.version + 1;
  stored = std::move(changed);
  return stored;
}

}  // namespace stresskit::sandbox
