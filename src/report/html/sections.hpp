#pragma once

#include "stresskit/metrics/run_record.hpp"

#include <string>

namespace stresskit::report {

// The parts of the page, each as HTML; empty when there is nothing to say.

[[nodiscard]] std::string verdict_section(const metrics::RunRecord& run);
[[nodiscard]] std::string gaps_section(const metrics::RunRecord& run);
[[nodiscard]] std::string tiles_section(const metrics::Snapshot& last);
[[nodiscard]] std::string limits_section(const metrics::Snapshot& snapshot);
[[nodiscard]] std::string missing_section(const metrics::Snapshot& snapshot);
[[nodiscard]] std::string thresholds_section(const metrics::Snapshot& last);
[[nodiscard]] std::string ledger_section(const metrics::Snapshot& last);
[[nodiscard]] std::string stages_section(const metrics::Snapshot& last);
[[nodiscard]] std::string ladders_section(const metrics::Snapshot& last);
[[nodiscard]] std::string generator_section(const metrics::Snapshot& last);
[[nodiscard]] std::string server_section(const metrics::Snapshot& last);
[[nodiscard]] std::string devices_section(const metrics::Snapshot& last);
[[nodiscard]] std::string settings_section(const metrics::RunRecord& run);

}  // namespace stresskit::report
