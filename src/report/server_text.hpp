#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <string>
#include <vector>

namespace stresskit::report {

/// "transport first, from burst 12: connections ended with messages unanswered, 40 in all";
/// "nothing: everything that was acknowledged is stored".
[[nodiscard]] std::string broke_first_text(const metrics::Snapshot& snapshot);

/// What the server said of itself over the run, a sentence for each of its sources.
[[nodiscard]] std::vector<std::string> server_sentences(const metrics::Snapshot& snapshot);

}  // namespace stresskit::report
