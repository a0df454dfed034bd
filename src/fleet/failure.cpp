#include "stresskit/fleet/failure.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace stresskit::fleet {

namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 4> stage_names{"startup", "connect", "publish",
                                                      "disconnect"};
constexpr std::array<std::string_view, 14> bucket_names{"auth",
                                                        "network",
                                                        "network-timeout",
                                                        "tls",
                                                        "payload",
                                                        "client-memory",
                                                        "client-backpressure",
                                                        "protocol",
                                                        "client-id",
                                                        "broker",
                                                        "client",
                                                        "client-request",
                                                        "internal-error",
                                                        "unknown"};

static_assert(stage_names.size() == static_cast<std::size_t>(Stage::disconnect) + 1);
static_assert(bucket_names.size() == static_cast<std::size_t>(Bucket::unknown) + 1);

template <class Enum, std::size_t n>
std::optional<Enum> find(const std::array<std::string_view, n>& names, std::string_view word) {
  const auto found = std::find(names.begin(), names.end(), word);
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<Enum>(found - names.begin()));
}

}  // namespace

std::string_view to_string(Stage stage) {
  return stage_names.at(static_cast<std::size_t>(stage));
}

std::string_view to_string(Bucket bucket) {
  return bucket_names.at(static_cast<std::size_t>(bucket));
}

std::optional<Stage> stage_from(std::string_view word) {
  return find<Stage>(stage_names, word);
}

std::optional<Bucket> bucket_from(std::string_view word) {
  return find<Bucket>(bucket_names, word);
}

}  // namespace stresskit::fleet
