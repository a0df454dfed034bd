// Asks the active run to stop, waits for its end, and says what it did.
#include "stresskit/config/load.hpp"
#include "stresskit/control/stopper.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/print.hpp"
#include "stresskit/support/run_app.hpp"

#include <cstdio>

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("stop_telemetry", [&](const std::stop_token& stop) {
    const config::Settings settings = config::load(config::Program::stop_telemetry, argc, argv);
    const control::StopOutcome outcome =
        control::stop_run(settings.data, settings.stopping, support::real_clock(), stop);
    support::print("{}", settings.output.json ? control::to_json(outcome)
                                              : control::to_text(outcome, settings.data));
    return control::exit_code(outcome);
  });
}
