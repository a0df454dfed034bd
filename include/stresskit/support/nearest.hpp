#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace stresskit::support {

/// The candidate that was probably meant by a misspelt word: smallest edit distance (a word cut
/// short counts as one letter), capitals ignored; nothing when even the nearest one differs in more
/// than half of its letters.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

}  // namespace stresskit::support
