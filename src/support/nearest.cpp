#include "stresskit/support/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace stresskit::support {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Levenshtein's: insertions, deletions and replacements, row by row.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

bool abbreviates(std::string_view word, std::string_view whole) {
  return word.size() >= 3 && word.size() < whole.size() &&
         edit_distance(word, whole.substr(0, word.size())) == 0;
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  std::optional<std::string_view> best;
  std::size_t best_distance = 0;
  for (const std::string_view candidate : candidates) {
    // Who leaves off an end knew the word: a piece cut from the front is nearer than a look-alike.
    const std::size_t distance = abbreviates(word, candidate) ? 1 : edit_distance(word, candidate);
    if (2 * distance <= std::max(word.size(), candidate.size()) &&
        (!best || distance < best_distance)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace stresskit::support
