// Connects the fleet and publishes one synchronised burst every interval until it is told to stop.
#include "stresskit/burst/choose_devices.hpp"
#include "stresskit/burst/run.hpp"
#include "stresskit/config/load.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/control/stop_flag.hpp"
#include "stresskit/control/stop_requests.hpp"
#include "stresskit/metrics/run_files.hpp"
#include "stresskit/preflight/machine.hpp"
#include "stresskit/preflight/outlook.hpp"
#include "stresskit/report/run_console.hpp"
#include "stresskit/report/thresholds.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/run_app.hpp"
#include "stresskit/verification/observer.hpp"
#include "stresskit/verification/verify_run.hpp"

#include <vector>

using namespace stresskit;

namespace {

using config::Settings;
using Devices = std::vector<fleet::Device>;

/// What must hold before anything is begun, or written.
void require_all(const Settings& settings, const Devices& devices,
                 const std::vector<mqtt::Address>& server, thingsboard::Session& session,
                 const std::stop_token& stop) {
  preflight::require_capacity(devices.size(), settings.mqtt, server);
  support::require_writable_folder(settings.data.dir);
  if (settings.verification.stored) {
    verification::require_reading(session, devices.front().id, stop);
  }
}

/// Whether nobody has asked meanwhile to stop.
bool tell_what_is_ahead(const Settings& settings, const Devices& devices,
                        const std::stop_token& stop) {
  const control::StopRequests asked(settings.data, stop);
  if (settings.verification.preflight) {
    preflight::log_findings(
        preflight::look_ahead({settings.thingsboard, settings.mqtt, settings.burst, devices,
                               settings.verification.stored},
                              support::real_clock(), asked.token()));
  }
  return !asked.token().stop_requested();
}

verification::Observer::Setup observing(const Settings& settings, const Devices& devices,
                                        const std::filesystem::path& folder) {
  return {burst::in_every_burst(devices, settings.burst.stages),
          settings.verification.probe_devices,
          settings.verification.stored,
          support::to_seconds(settings.burst.interval),
          folder,
          settings.thingsboard,
          settings.verification.prometheus_url};
}

support::ExitCode run(const Settings& settings, const std::stop_token& stop) {
  const auto thresholds = report::Thresholds::parse(settings.thresholds.wanted);
  const Devices devices =
      burst::choose_devices(settings.data, settings.fleet, settings.burst.stages);
  const auto server = mqtt::resolve(settings.mqtt, stop);
  if (stop.stop_requested()) {
    return support::ExitCode::done;
  }
  support::Clock& clock = support::real_clock();
  thingsboard::Session session(settings.thingsboard, clock);
  require_all(settings, devices, server, session, stop);
  const std::string run_id = control::new_run_id();
  const control::RunLock lock = control::RunLock::take(settings.data, run_id);
  const auto folder = settings.data.runs() / run_id;
  std::stop_source ending;
  const std::stop_callback on_signal(stop, [&] { ending.request_stop(); });
  if (!tell_what_is_ahead(settings, devices, stop)) {
    ending.request_stop();  // a run has begun, and others wait to read how it ended
  }

  metrics::RunFiles files(settings.data, run_id, settings.output.metrics_write, settings.listed);
  report::RunConsole console(settings.output);
  verification::Observer observer(observing(settings, devices, folder), clock);
  const auto connect = [&](auto share) {
    return mqtt::make_connections(settings.mqtt, server, share, clock);
  };
  const auto tell = [&](auto& snapshot, const auto& news, auto now) {
    observer.fill(snapshot);
    snapshot.thresholds = thresholds.judge(snapshot);
    if (settings.thresholds.abort_on_crossed && thresholds.may_end_the_run(snapshot)) {
      ending.request_stop();
    }
    files.publish(snapshot, news, now);
    console.publish(snapshot, now);
  };
  auto result = burst::conduct({run_id, devices, settings.mqtt, settings.burst, settings.data,
                                settings.output, settings.verification.stored},
                               connect, clock, ending.get_token(), tell);
  control::remove_stop_flag(settings.data);
  if (settings.verification.stored) {
    verification::verify_own_run(
        result, {settings.data, folder, session, settings.verification.timeout, observer, clock},
        stop, [&](metrics::Snapshot& known) {
          known.thresholds = thresholds.judge(known);
          files.amend(known);
        });
  }
  observer.stop();
  console.finish(result);
  return report::exit_code(result,
                           files.intact() && observer.intact() && result.storage.rows_written);
}

}  // namespace

int main(int argc, char** argv) {
  return support::run_app("run_telemetry", [&](std::stop_token stop) {
    return run(config::load(config::Program::run_telemetry, argc, argv), stop);
  });
}
