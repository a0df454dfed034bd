// Deletes every device of the tenant whose name begins with the prefix.
#include "stresskit/provision/delete_by_prefix.hpp"

#include "stresskit/config/load.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/support/print.hpp"
#include "stresskit/support/progress.hpp"
#include "stresskit/support/run_app.hpp"

#include <cstdio>

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("delete_by_prefix", [&](std::stop_token stop) {
    const config::Settings settings = config::load(config::Program::delete_by_prefix, argc, argv);
    if (!settings.deleting.dry_run && control::active_run(settings.data)) {
      support::log_warning(
          "a run is active: devices that are deleted under it count as failed; stop_telemetry ends "
          "it");
    }
    provision::DeletionWishes wishes;
    wishes.dry_run = settings.deleting.dry_run;
    if (support::is_terminal(stdin) && !settings.deleting.yes) {
      wishes.confirm = [&](const std::string& question) {
        return provision::ask_on_terminal(question, stop);
      };
    }

    const provision::DeletionReport report =
        provision::delete_by_prefix(settings.fleet.prefix, settings.provisioning,
                                    settings.thingsboard, wishes, support::real_clock(), stop);
    support::print("{}",
                   settings.output.json ? provision::to_json(report) : provision::summary(report));
    return report.code;
  });
}
