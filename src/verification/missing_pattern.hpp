#pragma once

#include "stresskit/verification/accounting.hpp"
#include "stresskit/verification/run_deeds.hpp"

#include <string>
#include <vector>

namespace stresskit::verification {

/// What the missing messages have in common, in a sentence for a person; empty when they have
/// nothing. `accounts`: by device of the run.
///
///     all before a burst, none after it    stored and gone again: a TTL shorter than the run
///     all from a burst on                  the server stopped, or lost its queue, at that moment
///     all of some devices, none of others  those devices' data go elsewhere
///
/// Pure.
[[nodiscard]] std::string missing_pattern(const RunDeeds& deeds,
                                          const std::vector<Account>& accounts);

}  // namespace stresskit::verification
