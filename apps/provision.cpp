// Creates the simulated devices, or takes those that exist, and keeps their tokens.
#include "stresskit/provision/provision.hpp"

#include "stresskit/config/load.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/metrics/idle.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/support/print.hpp"
#include "stresskit/support/run_app.hpp"

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("provision", [&](std::stop_token stop) {
    const config::Settings settings = config::load(config::Program::provision, argc, argv);
    support::Clock& clock = support::real_clock();
    thingsboard::Session session(settings.thingsboard, clock);
    // Throws when that cannot be told: better before devices are made than afterwards.
    static_cast<void>(control::active_run(settings.data));

    const provision::Report report = provision::provision(settings.fleet, settings.provisioning,
                                                          settings.data, session, clock, stop);
    // A run owns metrics.json as long as it lasts.
    if (!control::active_run(settings.data)) {
      if (const auto written = metrics::write_idle(settings.data, report.ready(), clock);
          !written) {
        support::log_warning(written.error());
      }
    }
    support::print("{}",
                   settings.output.json ? provision::to_json(report) : provision::summary(report));
    return report.code;
  });
}
