#pragma once

#include <string>
#include <vector>

namespace stresskit::provision {

/// A device with which something went wrong.
struct Failed {
  std::string name;
  std::string reason;
};

/// Failures of one reason: how many, and the first few names.
struct FailureGroup {
  std::string reason;
  std::size_t count = 0;
  std::vector<std::string> names;
};

/// The failures by reason, the most frequent first, `most_names` names each.
[[nodiscard]] std::vector<FailureGroup> group_by_reason(const std::vector<Failed>& failed,
                                                        std::size_t most_names);

}  // namespace stresskit::provision
