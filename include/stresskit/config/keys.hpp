#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "stresskit/config/settings.hpp"

namespace stresskit::config {

/// The programs, as bits, so that a key can say who takes it.
enum class Program : std::uint32_t {
  check_connectivity = 1U << 0U,
  provision = 1U << 1U,
  run_telemetry = 1U << 2U,
  stop_telemetry = 1U << 3U,
  run_dashboard = 1U << 4U,
  delete_by_prefix = 1U << 5U,
  run_sandbox = 1U << 6U,
};

}  // namespace stresskit::config
