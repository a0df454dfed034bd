#include "formats.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/report/outputs.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stresskit::report {

namespace {

using metrics::RunRecord;
using Documents = std::vector<Document>;

Documents hgrm_documents(const RunRecord& run) {
  Documents all;
  for (const metrics::Metric metric : metrics::all_metrics) {
    if (const auto whole = measured(run.histograms, metric); whole.count() > 0) {
      all.push_back({fmt::format("{}.hgrm", to_string(metric)), hgrm(whole)});
    }
  }
  return all;
}

struct Format {
  std::string_view name;
  Documents (*make)(const RunRecord& run);
};

constexpr Format table[] = {
    {"html",
     [](const RunRecord& run) {
       return Documents{{"report.html", html(run)}};
     }},
    {"json",
     [](const RunRecord& run) {
       return Documents{{"report.json", metrics::to_json(run.last)}};
     }},
    {"junit",
     [](const RunRecord& run) {
       return Documents{{"report.xml", junit(run)}};
     }},
    {"csv",
     [](const RunRecord& run) {
       return Documents{{"report-bursts.csv", bursts_csv(run)},
                        {"report-devices.csv", devices_csv(run)}};
     }},
    {"markdown",
     [](const RunRecord& run) {
       return Documents{{"report.md", markdown(run)}};
     }},
    {"hgrm", hgrm_documents},
    {"console", [](const RunRecord&) { return Documents{}; }},
};

}  // namespace

void require_known(const std::vector<std::string>& formats) {
  for (const std::string& format : formats) {
    if (std::none_of(std::begin(table), std::end(table),
                     [&](const Format& row) { return row.name == format; })) {
      throw support::Error(
          support::ExitCode::usage,
          fmt::format(
              "--format: unknown format \"{}\"; there are html, json, junit, csv, markdown, "
              "hgrm, console",
              format));
    }
  }
}

Documents documents(const std::string& format, const RunRecord& run) {
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [&](const Format& row) { return row.name == format; });
  return found == std::end(table) ? Documents{} : found->make(run);
}

std::vector<std::filesystem::path> write_documents(const Documents& all,
                                                   const std::filesystem::path& out,
                                                   const std::filesystem::path& fallback) {
  std::error_code error;
  const bool one_file = all.size() == 1 && !out.empty() && out.has_filename() &&
                        !std::filesystem::is_directory(out, error);
  const auto folder = out.empty() ? fallback : one_file ? out.parent_path() : out;
  if (!all.empty() && !folder.empty()) {
    std::filesystem::create_directories(folder, error);
    if (error) {
      throw support::Error(
          support::ExitCode::failed,
          fmt::format("cannot create {} for the reports: {}", folder.string(), error.message()));
    }
  }
  std::vector<std::filesystem::path> paths;
  for (const Document& document : all) {
    paths.push_back(one_file ? out : folder / document.name);
    if (const auto written = support::replace_file(paths.back(), document.text); !written) {
      throw support::Error(support::ExitCode::failed, written.error());
    }
  }
  return paths;
}

}  // namespace stresskit::report
