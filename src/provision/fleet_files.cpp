#include "provision/fleet_files.hpp"

#include "stresskit/fleet/device.hpp"
#include "stresskit/fleet/tokens.hpp"
#include "stresskit/support/log.hpp"

#include <utility>

namespace stresskit::provision {

namespace {

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

FleetFiles::FleetFiles(const config::Data& data, const config::Fleet& fleet)
    : data_(data), prefix_(fleet.prefix), rows_(fleet.count) {
  read_tokens();
  read_rows();
}

void FleetFiles::read_tokens() {
  if (!is_there(data_.tokens())) {
    return;
  }
  const auto devices = fleet::read_tokens(data_.tokens());
  if (!devices) {
    support::warn("{}", devices.error());
    return;
  }
  for (const fleet::Device& device : *devices) {
    const auto index = fleet::device_index(prefix_, device.name);
    if (!index) {
      ++strangers_;
    } else if (*index <= rows_.size()) {
      rows_[*index - 1] = fleet::DeviceRow{"", device.name, "", device.token};
    }
  }
}

void FleetFiles::read_rows() {
  if (!is_there(data_.devices())) {
    return;
  }
  const auto rows = fleet::read_devices_csv(data_.devices());
  if (!rows) {
    support::warn("{}; it will be written anew", rows.error());
    return;
  }
  for (const fleet::DeviceRow& row : *rows) {
    const auto index = fleet::device_index(prefix_, row.name);
    if (!index || *index > rows_.size()) {
      continue;
    }
    std::optional<fleet::DeviceRow>& slot = rows_[*index - 1];
    if (!slot || slot->access_token == row.access_token) {
      slot = row;  // tokens.json is what runs use: where they differ, it holds
    }
  }
}

void FleetFiles::put(std::uint32_t index, fleet::DeviceRow row) {
  const std::lock_guard lock(mutex_);
  rows_.at(index - 1) = std::move(row);
  dirty_ = true;
}

void FleetFiles::forget(std::uint32_t index) {
  const std::lock_guard lock(mutex_);
  dirty_ = dirty_ || rows_.at(index - 1).has_value();
  rows_.at(index - 1).reset();
}

support::Result<void> FleetFiles::save() {
  std::vector<fleet::Device> tokens;
  std::vector<fleet::DeviceRow> rows;
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(dirty_, false)) {
      return {};
    }
    for (const std::optional<fleet::DeviceRow>& row : rows_) {
      if (!row) {
        continue;
      }
      tokens.push_back({row->name, row->access_token});
      if (!row->device_id.empty()) {
        rows.push_back(*row);
      }
    }
  }
  auto saved = fleet::write_tokens(data_.tokens(), tokens);
  if (saved) {
    saved = fleet::write_devices_csv(data_.devices(), rows);
  }
  if (!saved) {
    const std::lock_guard lock(mutex_);
    dirty_ = true;  // the next save tries again
  }
  return saved;
}

}  // namespace stresskit::provision
