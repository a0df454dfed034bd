#include "stresskit/report/storage_console.hpp"

#include "load_run.hpp"
#include "server_text.hpp"
#include "storage_text.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/report/console.hpp"
#include "stresskit/report/thresholds.hpp"
#include "stresskit/support/print.hpp"

namespace stresskit::report {

using support::ExitCode;

ExitCode tell_storage(const std::filesystem::path& folder, const config::Settings& settings) {
  const metrics::Snapshot run = load_run(folder, settings.thresholds.wanted).last;
  if (settings.output.json) {
    support::print("{}", metrics::to_json(run));
  } else {
    support::print("{}verdict   {}\nbroke     {}\nrun       {}\n{}", threshold_lines(run),
                   run.verdict.sentence, broke_first_text(run), run.run_id, storage_lines(run));
  }
  if (crossed(run.thresholds)) {
    return ExitCode::threshold;
  }
  return run.storage.state == metrics::Storage::State::complete ? ExitCode::done
                                                                : ExitCode::partial;
}

}  // namespace stresskit::report
