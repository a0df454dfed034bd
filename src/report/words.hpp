#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::report {

// How figures read for people, the same in every output.

/// "7.42 ms".
[[nodiscard]] std::string ms(double value);
[[nodiscard]] std::string ms_or_dash(const std::optional<double>& value);
/// A dash when nothing was counted.
[[nodiscard]] std::string ms_or_dash(std::uint64_t count, double value);

/// What the messages of `metrics::delivered` are called: "acknowledged", with QoS 0 "sent".
[[nodiscard]] std::string_view delivered_word(int qos);

/// "99.99 %", rounded down: 99.996 % must not read as 100 %.
[[nodiscard]] std::string percent(double ratio);

/// "connect auth x2, disconnect network x1": the three most frequent failures.
[[nodiscard]] std::string top_causes(const metrics::Snapshot& snapshot);

/// "none", "after 12.3 s", "after 12.3 s, recovered after 20.0 s".
[[nodiscard]] std::string collapse(const metrics::Snapshot& snapshot);

/// The spread of the newest burst that was written.
[[nodiscard]] std::optional<double> last_spread(const metrics::Snapshot& snapshot);

}  // namespace stresskit::report
