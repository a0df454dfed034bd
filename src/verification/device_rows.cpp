#include "verification/device_rows.hpp"

#include "stresskit/support/files.hpp"

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
  return json.is_object() && json.value("state", Json()) != "complete";
}

/// The rows that stand there whole. What a killed writer left of one is cut off, lest the next row
/// be added to it.
std::string whole_rows(const std::filesystem::path& path) {
  std::string text = support::read_file(path).value_or("");
  const std::size_t end = text.rfind('\n') + 1;  // 0 without any
  if (end < text.size()) {
    text.resize(end);
    std::error_code stays;  // then that row is lost, too
    std::filesystem::resize_file(path, end, stays);
  }
  return text;
}

std::vector<bool> read_settled(const std::filesystem::path& path, std::size_t devices) {
  std::vector<bool> settled(devices);
  std::istringstream rows(whole_rows(path));
  for (std::string row; std::getline(rows, row);) {
    const Json json = Json::parse(row, nullptr, false);
    if (!json.is_object()) {
      continue;
    }
    const Json number = json.value("device", Json());
    if (number.is_number_unsigned() && number.get<std::size_t>() < devices) {
      settled[number.get<std::size_t>()] =
          json.value("state", Json()) == to_string(Progress::settled);
    }
  }
  return settled;
}

}  // namespace

DeviceRows::DeviceRows(const std::filesystem::path& folder, std::size_t devices)
    : file_(folder / "verification.ndjson") {
  const auto path = folder / "verification.ndjson";
  if (was_interrupted(folder)) {
    settled_ = read_settled(path, devices);
  } else {
    settled_.resize(devices);
    std::error_code none_there;
    std::filesystem::remove(path, none_there);
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
  file_.append(text);
}

}  // namespace stresskit::verification
