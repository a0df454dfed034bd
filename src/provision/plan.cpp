#include "provision/plan.hpp"

#include "stresskit/fleet/device.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace stresskit::provision {

namespace {

using thingsboard::Answer;
using thingsboard::Client;
using thingsboard::Device;
using thingsboard::Profile;

Answer<std::optional<Profile>> find_profile(Client& client, thingsboard::Retry& retry,
                                            const std::function<bool(const Profile&)>& is_it) {
  for (std::uint32_t page = 0;; ++page) {
    auto answer = retry([&] { return client.list_profiles(page); });
    if (!answer) {
      return support::failure(std::move(answer.error()));
    }
    for (Profile& profile : answer->profiles) {
      if (is_it(profile)) {
        return std::optional(std::move(profile));
      }
    }
    if (!answer->has_next || answer->profiles.empty()) {
      return std::optional<Profile>();
    }
  }
}

/// UUIDs are written in lower case, and read in either (RFC 4122, section 3).
bool same_id(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

/// Devices of a profile with another transport can be made, and are refused when they connect.
void warn_of_foreign_transport(const Profile& profile) {
  if (profile.transport != "DEFAULT" && profile.transport != "MQTT") {
    support::warn(
        "the device profile \"{}\" has the transport {}: ThingsBoard will refuse its devices over "
        "MQTT",
        profile.name, profile.transport);
  }
}

/// Fills in profile id and type.
Answer<void> resolve_profile(const config::Fleet& fleet, Client& client, thingsboard::Retry& retry,
                             Plan& plan) {
  Answer<std::optional<Profile>> profile = std::optional<Profile>();
  if (!fleet.profile_id.empty()) {
    profile = find_profile(client, retry,
                           [&](const Profile& each) { return same_id(each.id, fleet.profile_id); });
    if (profile && !*profile) {
      throw support::Error(
          support::ExitCode::usage,
          fmt::format("DEVICE_PROFILE_ID {} is no device profile of this tenant at {}; copy the id "
                      "from ThingsBoard's page \"Device profiles\"",
                      fleet.profile_id, client.server().url));
    }
  } else if (!fleet.type.empty()) {
    profile =
        find_profile(client, retry, [&](const Profile& each) { return each.name == fleet.type; });
    plan.makes_profile = profile && !*profile;
  } else {
    const auto standard = retry([&] { return client.default_profile(); });
    profile = standard ? Answer<std::optional<Profile>>(*standard)
                       : Answer<std::optional<Profile>>(support::failure(standard.error()));
    plan.wanted.default_profile = true;
  }
  if (!profile) {
    return support::failure(std::move(profile.error()));
  }
  if (*profile) {
    warn_of_foreign_transport(**profile);
  }
  if (fleet.type.empty() || !fleet.profile_id.empty()) {
    plan.wanted.profile_id = (*profile)->id;
  } else {
    plan.wanted.type = fleet.type;
  }
  return {};
}

/// A job for each number, with the device of that name if it exists.
void make_jobs(const config::Fleet& fleet, std::vector<Device> devices, Plan& plan) {
  std::unordered_map<std::uint32_t, Device> existing;
  for (Device& device : devices) {
    const auto index = fleet::device_index(fleet.prefix, device.name);
    if (index && *index <= fleet.count) {
      existing.emplace(*index, std::move(device));
    } else if (index) {
      ++plan.left_on_server;
    }
  }
  for (std::uint32_t index = 1; index <= fleet.count; ++index) {
    Job job{index, fleet::device_name(fleet.prefix, index), std::nullopt};
    if (const auto found = existing.find(index); found != existing.end()) {
      job.existing = std::move(found->second);
    }
    plan.jobs.push_back(std::move(job));
  }
}

}  // namespace

Answer<Plan> make_plan(const config::Fleet& fleet, Client& client, thingsboard::Retry& retry,
                       support::Clock& clock) {
  Plan plan;
  plan.wanted.prefix = fleet.prefix;
  plan.wanted.label = fleet.label;
  // "20261123T101500Z": the day in UTC, so that machines in different places write the same.
  plan.wanted.batch = "sim-" + support::format_utc_compact(clock.wall()).substr(0, 8);
  if (const auto profile = resolve_profile(fleet, client, retry, plan); !profile) {
    return support::failure(profile.error());
  }
  Answer<std::vector<Device>> devices =
      retry([&] { return thingsboard::list_by_prefix(client, fleet.prefix + "-"); });
  if (!devices) {
    return support::failure(std::move(devices.error()));
  }
  make_jobs(fleet, *std::move(devices), plan);
  return plan;
}

}  // namespace stresskit::provision
