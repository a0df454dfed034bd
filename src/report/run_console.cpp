#include "stresskit/report/run_console.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/report/console.hpp"
#include "stresskit/report/live_view.hpp"
#include "stresskit/report/thresholds.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/support/print.hpp"
#include "stresskit/support/progress.hpp"

#include <cstdio>

namespace stresskit::report {

RunConsole::RunConsole(const config::Output& output) : json_(output.json), every_(output.console) {
  if (!json_ && support::is_terminal(stdout)) {
    block_.emplace(stdout);
  }
}

void RunConsole::publish(const metrics::Snapshot& snapshot, support::Mono::time_point now) {
  if (block_) {
    block_->draw(live_view(snapshot));
    return;
  }
  if (now < next_ && snapshot.phase == phase_) {
    return;
  }
  phase_ = snapshot.phase;
  next_ = now + every_;
  std::FILE* const out = json_ ? stderr : stdout;
  support::print(out, "{}\n", metrics_line(snapshot));
  std::fflush(out);
}

void RunConsole::finish(const metrics::Snapshot& last) {
  if (block_) {
    block_->erase();
    block_.reset();
  }
  // fputs: what cannot be written is reported once, by run_app's flush, as for every program.
  std::fputs((json_ ? metrics::to_json(last) : "\n" + summary(last)).c_str(), stdout);
}

support::ExitCode exit_code(const metrics::Snapshot& last, bool files_intact) {
  if (last.nobody_connected) {
    support::log_error(
        "no device could connect: nothing was published; check MQTT_HOST and MQTT_PORT, and the "
        "failures above");
    return support::ExitCode::unreachable;
  }
  if (!last.balanced) {
    support::log_error(
        "the ledger does not add up: this is a mistake of the kit, not of the server");
    return support::ExitCode::failed;
  }
  if (!files_intact) {
    support::log_error("some of the figures could not be written: see the warnings above");
    return support::ExitCode::failed;
  }
  if (crossed(last.thresholds)) {
    return support::ExitCode::threshold;
  }
  return last.storage.state == metrics::Storage::State::incomplete ? support::ExitCode::partial
                                                                   : support::ExitCode::done;
}

}  // namespace stresskit::report
