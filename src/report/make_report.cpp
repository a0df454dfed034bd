#include "stresskit/report/make_report.hpp"

#include "formats.hpp"
#include "load_run.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/report/console.hpp"
#include "stresskit/report/run_folders.hpp"
#include "stresskit/report/thresholds.hpp"
#include "stresskit/support/print.hpp"

#include <algorithm>

namespace stresskit::report {

namespace {

bool asks_for(const std::vector<std::string>& formats, std::string_view format) {
  return std::find(formats.begin(), formats.end(), format) != formats.end();
}

void print_console(const metrics::RunRecord& run) {
  for (const std::string& gap : run.gaps) {
    support::print("missing   {}\n", gap);
  }
  support::print("{}", summary(run.last));
}

}  // namespace

support::ExitCode report_run(const config::Settings& settings) {
  const config::Reporting& wanted = settings.reporting;
  require_known(wanted.formats);
  const auto run = load_run(find_run(wanted.run, settings.data), settings.thresholds.wanted);
  std::vector<Document> all;
  for (const std::string& format : wanted.formats) {
    for (Document& document : documents(format, run)) {
      all.push_back(std::move(document));
    }
  }
  // Told before anything is written: a full disk does not keep the figures from whoever asked.
  if (settings.output.json) {
    support::print("{}", metrics::to_json(run.last));
  } else if (asks_for(wanted.formats, "console")) {
    print_console(run);
  }
  for (const auto& path : write_documents(all, wanted.out, run.folder)) {
    support::print(settings.output.json ? stderr : stdout, "report    {}\n", path.string());
  }
  if (!run.last.balanced) {
    return support::ExitCode::failed;
  }
  return crossed(run.last.thresholds) ? support::ExitCode::threshold : support::ExitCode::done;
}

}  // namespace stresskit::report
