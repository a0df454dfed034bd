#include "stresskit/provision/outcome.hpp"

#include <algorithm>

namespace stresskit::provision {

std::vector<FailureGroup> group_by_reason(const std::vector<Failed>& failed,
                                          std::size_t most_names) {
  std::vector<FailureGroup> groups;
  for (const Failed& each : failed) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const FailureGroup& candidate) {
      return candidate.reason == each.reason;
    });
    if (group == groups.end()) {
      group = groups.insert(groups.end(), {each.reason, 0, {}});
    }
    ++group->count;
    if (group->names.size() < most_names) {
      group->names.push_back(each.name);
    }
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const FailureGroup& a, const FailureGroup& b) { return a.count > b.count; });
  return groups;
}

}  // namespace stresskit::provision
