#include "stresskit/fleet/failure.hpp"

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

}  // namespace

std::string_view to_string(Stage stage) {
  return stage_names.at(static_cast<std::size_t>(stage));
}

std::string_view to_string(Bucket bucket) {
  return bucket_names.at(static_cast<std::size_t>(bucket));
}

}  // namespace stresskit::fleet
