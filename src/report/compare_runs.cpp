#include "formats.hpp"
#include "load_run.hpp"

#include "stresskit/report/comparison.hpp"
#include "stresskit/report/make_report.hpp"
#include "stresskit/report/run_folders.hpp"
#include "stresskit/support/print.hpp"

#include <fmt/format.h>

namespace stresskit::report {

namespace {

/// In each of the formats; console is printed.
std::vector<Document> documents(const std::vector<std::string>& formats, const Comparison& result) {
  std::vector<Document> all;
  for (const std::string& format : formats) {
    if (format == "html") {
      all.push_back({"comparison.html", html(result)});
    } else if (format == "markdown") {
      all.push_back({"comparison.md", markdown(result)});
    } else if (format == "json") {
      all.push_back({"comparison.json", json(result)});
    } else if (format != "console") {
      throw support::Error(
          support::ExitCode::usage,
          fmt::format("--format: a comparison is told as html, json, markdown, console, not as {}",
                      format));
    }
  }
  return all;
}

}  // namespace

support::ExitCode compare_runs(const config::Settings& settings) {
  const config::Reporting& wanted = settings.reporting;
  if (wanted.run.empty() || wanted.other.empty()) {
    throw support::Error(support::ExitCode::usage,
                         "--compare needs two runs: make_report --compare RUN OTHER");
  }
  require_known(wanted.formats);
  const auto a = load_run(find_run(wanted.run, settings.data), {});
  const auto b = load_run(find_run(wanted.other, settings.data), {});
  const Comparison result = compare(a, b);
  const std::vector<Document> all = documents(wanted.formats, result);
  support::print("{}", settings.output.json ? json(result) : console(result));
  for (const auto& path : write_documents(all, wanted.out, b.folder)) {
    support::print(settings.output.json ? stderr : stdout, "report    {}\n", path.string());
  }
  // A gate must not pass because there was nothing to look at.
  return result.worse() || !result.comparable() ? support::ExitCode::threshold
                                                : support::ExitCode::done;
}

}  // namespace stresskit::report
