#include "verification/observed_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stresskit::verification {

ObservedRows::ObservedRows(const std::filesystem::path& folder)
    : ages_(folder / "freshness.csv"), figures_(folder / "server.ndjson") {
  ages_.require("unix_s,device,k,age_ms\n");
  figures_.require();
}

void ObservedRows::add_age(double unix_s, const std::string& device, std::optional<std::uint64_t> k,
                           double age_s) {
  ages_.append(fmt::format("{:.3f},{},{},{:.0f}\n", unix_s, device, k ? fmt::to_string(*k) : "",
                           std::max(0.0, age_s) * 1e3));
}

void ObservedRows::add(const metrics::ServerRow& row) {
  figures_.append(metrics::server_line(row));
}

}  // namespace stresskit::verification
