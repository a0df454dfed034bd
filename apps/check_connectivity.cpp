// Tries the way to the server, step by step, and changes nothing.
#include "stresskit/config/load.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/preflight/connectivity.hpp"
#include "stresskit/support/print.hpp"
#include "stresskit/support/run_app.hpp"

#include <cstdio>

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("check_connectivity", [&](std::stop_token stop) {
    const config::Settings settings = config::load(config::Program::check_connectivity, argc, argv);
    const bool run_active = control::active_run(settings.data).has_value();
    const auto tell = [&](const preflight::Step& step) {
      if (!settings.output.json) {
        support::print("{}\n", preflight::to_line(step));
        std::fflush(stdout);
      }
    };

    const preflight::Connectivity result =
        preflight::check_connectivity({settings.thingsboard, settings.fleet, settings.mqtt,
                                       settings.data, settings.burst, run_active},
                                      support::real_clock(), stop, tell);
    if (settings.output.json) {
      support::print("{}", preflight::to_json(result));
      std::fflush(stdout);
    }
    if (result.code != support::ExitCode::done) {
      throw support::Error(result.code, result.steps.back().text);
    }
    return result.code;
  });
}
