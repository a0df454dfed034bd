#pragma once

#include "stresskit/config/keys.hpp"
#include "stresskit/config/settings.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace stresskit::config {

/// A value as it was given, and where: "--device-count", ".env:12", "environment".
struct Given {
  std::string text;
  std::string where;
};

/// The value that counts for each key that was given at all.
using Givens = std::unordered_map<const Key*, Given>;

struct Outcome {
  Settings settings;
  std::vector<std::string> warnings;
  std::vector<std::string> problems;  ///< when there are any, `settings` are of no use
};

/// From values to settings: every given value of a key that `program` takes is validated, the other
/// keys get their defaults. Then the rules between keys: required ones, the device ceiling, what an
/// engine can do, verification switched off.
[[nodiscard]] Outcome resolve(Program program, const Givens& givens);

}  // namespace stresskit::config
