// Turns the archive of a run into reports, lists the runs, compares two of them.
#include "stresskit/report/make_report.hpp"

#include "stresskit/config/load.hpp"
#include "stresskit/support/run_app.hpp"

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("make_report", [&](std::stop_token) {
    const config::Settings settings = config::load(config::Program::make_report, argc, argv);
    if (settings.reporting.list) {
      return report::list_runs(settings);
    }
    if (settings.reporting.compare) {
      return report::compare_runs(settings);
    }
    return report::report_run(settings);
  });
}
