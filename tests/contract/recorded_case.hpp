#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace stresskit::contract {

/// tests/contract in the source tree.
[[nodiscard]] std::filesystem::path contract_dir();

/// The recorded cases that are not MQTT transcripts, by name.
[[nodiscard]] std::vector<std::string> recorded_rest_cases();

/// Whether left_out.md lists the case (its first column; `*` stands for anything).
[[nodiscard]] bool is_left_out(const std::string& name);

[[nodiscard]] nlohmann::json read_json(const std::filesystem::path& path);
[[nodiscard]] nlohmann::json read_case(const std::string& name);

/// What must be so before a case is replayed, and how to look at its answer: an entry of
/// rest_setup.json, which says in `match` which cases it is for.
///   after     steps: names of recorded cases to replay first, "@group", or one of
///             {"method","path","body","bind": {recorded id: pointer into the answer}},
///             {"fault": switches of the sandbox}, {"mqtt_session": token}
///   as        "tenant" (default), "sysadmin", "customer"
///   jwt       what `<jwt>` stands for, see RestReplay
///   loose     compare names and types of the answer, not values
///   volatile  members whose values are not compared
[[nodiscard]] nlohmann::json find_setup(const std::string& name);

/// The steps of a group of rest_setup.json.
[[nodiscard]] nlohmann::json find_group(const std::string& name);

}  // namespace stresskit::contract
