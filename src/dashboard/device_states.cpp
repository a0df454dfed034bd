#include "dashboard/device_states.hpp"

#include "dashboard/lines.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

constexpr char connecting = 'o';
/// Words of a server may differ from row to row; beyond this they are left out.
constexpr std::size_t most_causes = 5'000;

struct StateName {
  std::string_view name;
  char letter;
};
constexpr std::array<StateName, 4> state_names{
    {{"connecting", connecting}, {"connected", 'c'}, {"disconnected", 'd'}, {"failed", 'f'}}};

std::string text_of(const json& row, const char* key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// 0: no state of ours.
char letter_of(std::string_view name) {
  for (const StateName& known : state_names) {
    if (known.name == name) {
      return known.letter;
    }
  }
  return 0;
}

std::string_view name_of(char letter) {
  for (const StateName& known : state_names) {
    if (known.letter == letter) {
      return known.name;
    }
  }
  return "";
}

}  // namespace

void DeviceStates::expect(std::size_t devices) {
  const std::size_t size = std::min(devices, most_devices);
  if (size > states_.size()) {
    states_.resize(size, connecting);
    changed_at_.resize(size, 0);
  }
}

void DeviceStates::add_lines(std::string_view lines) {
  std::string_view line;
  while (next_line(lines, line)) {
    // Most rows of a stormy run are ours; the others are not worth a parser.
    if (line.find("\"device\"") != std::string_view::npos) {
      add(json::parse(line, nullptr, false));
    }
  }
}

void DeviceStates::add(const json& row) {
  if (!row.is_object() || text_of(row, "type") != "device") {
    return;
  }
  const char state = letter_of(text_of(row, "state"));
  const auto device = row.find("device");
  const auto t = row.find("t");
  if (state == 0 || device == row.end() || !device->is_number_unsigned() ||
      device->get<std::uint64_t>() >= most_devices) {
    return;
  }
  const auto index = device->get<std::uint32_t>();
  expect(index + 1);
  states_[index] = state;
  changed_at_[index] = ++sequence_;
  changes_.push_back(
      {t != row.end() && t->is_number() ? t->get<double>() : 0, index, cause_of(row), state});
  if (changes_.size() > most_changes) {
    changes_.pop_front();
  }
}

std::uint32_t DeviceStates::cause_of(const json& row) {
  Cause cause{text_of(row, "stage"), text_of(row, "bucket"), text_of(row, "detail")};
  if (cause == Cause{}) {
    return 0;
  }
  if (const auto known = cause_rows_.find(cause); known != cause_rows_.end()) {
    return known->second;
  }
  if (causes_.size() >= most_causes) {
    return 0;
  }
  const auto at = static_cast<std::uint32_t>(causes_.size());
  cause_rows_.emplace(cause, at);
  causes_.push_back(std::move(cause));
  return at;
}

json DeviceStates::news(std::uint64_t since) const {
  json answer = {{"next", sequence_}, {"count", states_.size()}};
  json changes = json::object();
  std::size_t changed = 0;
  if (since != 0 && since <= sequence_) {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (changed_at_[i] > since) {
        changes[std::string(1, states_[i])].push_back(i);
        ++changed;
      }
    }
  }
  // Beyond an eighth of the fleet the list of numbers is longer than all states.
  if (since == 0 || since > sequence_ || changed > states_.size() / 8) {
    answer["states"] = states_;
  } else {
    answer["changes"] = std::move(changes);
  }
  return answer;
}

json DeviceStates::history(std::size_t device) const {
  constexpr std::size_t most_shown = 200;
  json rows = json::array();
  for (auto change = changes_.rbegin(); change != changes_.rend() && rows.size() < most_shown;
       ++change) {
    if (change->device == device) {
      const auto& [stage, bucket, detail] = causes_[change->cause];
      rows.push_back({{"t", change->t},
                      {"state", name_of(change->state)},
                      {"stage", stage},
                      {"bucket", bucket},
                      {"detail", detail}});
    }
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

}  // namespace stresskit::dashboard
