// Counts over REST what the server has stored of a past run, and names the messages it lost.
#include "stresskit/config/load.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/metrics/storage_file.hpp"
#include "stresskit/report/run_folders.hpp"
#include "stresskit/report/storage_console.hpp"
#include "stresskit/support/run_app.hpp"
#include "stresskit/verification/verify_run.hpp"

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("verify_storage", [&](std::stop_token stop) {
    const config::Settings settings = config::load(config::Program::verify_storage, argc, argv);
    const auto folder = report::find_run(settings.reporting.run, settings.data);
    const auto active = control::active_run(settings.data);
    if (active && folder.filename() == active->run_id) {
      throw support::Error(support::ExitCode::usage,
                           "this run still goes on: wait for its end, or stop_telemetry");
    }
    support::Clock& clock = support::real_clock();
    thingsboard::Session session(settings.thingsboard, clock);
    verification::require_reading(session, {}, stop);
    const auto storage = verification::verify_run(folder, session, settings.verification.timeout,
                                                  clock, std::move(stop));
    if (const auto kept = metrics::write_late_storage(folder, storage); !kept) {
      throw support::Error(support::ExitCode::failed, kept.error());
    }
    const auto code = report::tell_storage(folder, settings);
    if (!storage.rows_written) {
      throw support::Error(support::ExitCode::failed,
                           (folder / "verification.ndjson").string() +
                               " lacks devices: it could not be written, see the warning above");
    }
    return code;
  });
}
