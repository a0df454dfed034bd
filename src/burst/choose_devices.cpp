#include "stresskit/burst/choose_devices.hpp"

#include "stresskit/fleet/devices_csv.hpp"
#include "stresskit/fleet/tokens.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

namespace stresskit::burst {

namespace {

void keep_largest_stage(std::vector<fleet::Device>& devices,
                        const std::vector<config::Stage>& stages) {
  std::size_t largest = 0;
  for (const config::Stage& stage : stages) {
    largest = std::max<std::size_t>(largest, stage.devices);
  }
  if (largest > devices.size()) {
    throw support::Error(
        support::ExitCode::usage,
        fmt::format("RUN_STAGES has a stage of {} devices, but there are {} only: provision more "
                    "(DEVICE_COUNT, and DEVICE_CEILING above 500) or make the stage smaller",
                    largest, devices.size()));
  }
  devices.resize(largest);
}

/// The ids are for those who look a device up later; a run does without.
void add_ids(std::vector<fleet::Device>& devices, const std::filesystem::path& csv) {
  std::map<std::string, std::string> ids;
  for (fleet::DeviceRow& row :
       fleet::read_devices_csv(csv).value_or(std::vector<fleet::DeviceRow>{})) {
    ids[std::move(row.name)] = std::move(row.device_id);
  }
  for (fleet::Device& device : devices) {
    device.id = ids[device.name];
  }
}

}  // namespace

std::vector<fleet::Device> choose_devices(const config::Data& data, const config::Fleet& wish,
                                          const std::vector<config::Stage>& stages) {
  auto devices = fleet::read_tokens(data.tokens());
  if (!devices) {
    throw support::Error(support::ExitCode::usage, devices.error());
  }
  if (wish.count_given && wish.count < devices->size()) {
    devices->resize(wish.count);
  } else if (wish.count_given && wish.count > devices->size()) {
    support::warn("DEVICE_COUNT is {}, but {} has tokens of {} devices only: running with those",
                  wish.count, data.tokens().string(), devices->size());
  }
  if (!stages.empty()) {
    keep_largest_stage(*devices, stages);
  }
  add_ids(*devices, data.devices());
  return std::move(*devices);
}

std::span<const fleet::Device> in_every_burst(std::span<const fleet::Device> devices,
                                              const std::vector<config::Stage>& stages) {
  std::size_t smallest = devices.size();
  for (const config::Stage& stage : stages) {
    smallest = std::min<std::size_t>(smallest, stage.devices);
  }
  return devices.first(smallest);
}

}  // namespace stresskit::burst
