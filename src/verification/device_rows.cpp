#include "verification/device_rows.hpp"

#include "stresskit/support/log.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <string_view>

namespace stresskit::verification {

namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(Progress progress) {
  constexpr std::string_view names[] = {"pending", "settled", "differs", "deleted", "unread"};
  return names[static_cast<std::size_t>(progress)];
}

/// Whether the archive holds a verification that did not come to its end.
bool was_interrupted(const std::filesystem::path& folder) {
  const auto text = support::read_file(folder / "verification.json");
  const auto json = text ? Json::parse(*text, nullptr, false) : Json();
  return json.is_object() && json.value("state", "") != "complete";
}

std::vector<bool> read_settled(const std::filesystem::path& path, std::size_t devices) {
  std::vector<bool> settled(devices);
  std::istringstream rows(support::read_file(path).value_or(""));
  for (std::string row; std::getline(rows, row);) {
    const Json json = Json::parse(row, nullptr, false);
    if (!json.is_object()) {
      continue;  // torn
    }
    const auto device = json.value("device", devices);
    if (device < devices) {
      settled[device] = json.value("state", "") == to_string(Progress::settled);
    }
  }
  return settled;
}

}  // namespace

DeviceRows::DeviceRows(const std::filesystem::path& folder, std::size_t devices) {
  const auto path = folder / "verification.ndjson";
  if (was_interrupted(folder)) {
    settled_ = read_settled(path, devices);
  } else {
    settled_.resize(devices);
    std::error_code none_there;
    std::filesystem::remove(path, none_there);
  }
  if (auto file = support::AppendFile::open(path)) {
    file_ = std::move(*file);
  } else {
    support::log_warning(file.error());
  }
}

void DeviceRows::add(std::size_t device, const std::string& name, Progress progress,
                     const Account& account) {
  const Json row{{"device", device},
                 {"name", name},
                 {"state", to_string(progress)},
                 {"stored", account.stored},
                 {"missing_acknowledged", account.missing_acknowledged},
                 {"stored_unacknowledged", account.stored_unacknowledged},
                 {"unexpected", account.unexpected}};
  const std::string text = row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  const std::lock_guard lock(mutex_);
  if (file_) {
    if (const auto written = file_->append(text); !written) {
      support::log_warning(written.error());
      file_.reset();  // said once; a row less costs a second look, no more
    }
  }
}

}  // namespace stresskit::verification
