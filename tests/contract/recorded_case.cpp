#include "contract/recorded_case.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace stresskit::contract {
namespace {

using nlohmann::json;

/// At most one `*`.
bool fits(std::string_view name, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  return name.starts_with(pattern.substr(0, star)) && name.ends_with(pattern.substr(star + 1)) &&
         name.size() + 1 >= pattern.size();
}

}  // namespace

std::filesystem::path contract_dir() {
  return std::filesystem::path(STRESSKIT_SOURCE_DIR) / "tests" / "contract";
}

std::vector<std::string> recorded_rest_cases() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(contract_dir() / "recorded")) {
    const std::string name = file.path().stem();
    if (!name.starts_with("mqtt-")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_left_out(const std::string& name) {
  std::ifstream in(contract_dir() / "left_out.md");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| ") && fits(name, line.substr(2, line.find(' ', 2) - 2))) return true;
  }
  return false;
}

json read_json(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return json::parse(in);
}

json read_case(const std::string& name) {
  return read_json(contract_dir() / "recorded" / (name + ".json"));
}

json find_setup(const std::string& name) {
  // Read once: a test asks for every setup of every case.
  static const json setups = read_json(contract_dir() / "rest_setup.json").at("cases");
  const auto found = std::find_if(setups.begin(), setups.end(), [&](const json& entry) {
    return fits(name, entry.at("match").get<std::string>());
  });
  return found == setups.end() ? json::object() : *found;
}

json find_group(const std::string& name) {
  return read_json(contract_dir() / "rest_setup.json").at("groups").at(name);
}

}  // namespace stresskit::contract
