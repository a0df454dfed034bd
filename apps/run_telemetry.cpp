// Connects the fleet and publishes one synchronised burst every interval until it is told to stop.
#include "stresskit/burst/choose_devices.hpp"
#include "stresskit/burst/run.hpp"
#include "stresskit/config/load.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/control/stop_flag.hpp"
#include "stresskit/metrics/run_files.hpp"
#include "stresskit/preflight/machine.hpp"
#include "stresskit/preflight/outlook.hpp"
#include "stresskit/report/run_console.hpp"
#include "stresskit/report/thresholds.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/run_app.hpp"
#include "stresskit/verification/observer.hpp"
#include "stresskit/verification/verify_run.hpp"

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("run_telemetry", [&](std::stop_token stop) {
    const config::Settings settings = config::load(config::Program::run_telemetry, argc, argv);
    const auto thresholds = report::Thresholds::parse(settings.thresholds.wanted);
    const auto devices =
        burst::choose_devices(settings.data, settings.fleet, settings.burst.stages);
    const auto server = mqtt::resolve(settings.mqtt, stop);
    if (stop.stop_requested()) {
      return support::ExitCode::done;
    }
    preflight::require_capacity(devices.size(), settings.mqtt, server);
    support::require_writable_folder(settings.data.dir);

    support::Clock& clock = support::real_clock();
    thingsboard::Session session(settings.thingsboard, clock);
    if (settings.verification.stored) {
      verification::require_reading(session, devices.front().id, stop);
    }
    const std::string run_id = control::new_run_id();
    const control::RunLock lock = control::RunLock::take(settings.data, run_id);
    const auto folder = settings.data.runs() / run_id;
    if (settings.verification.preflight) {
      preflight::log_findings(
          preflight::look_ahead({settings.thingsboard, settings.mqtt, settings.burst, devices,
                                 settings.verification.stored},
                                clock, stop));
    }
    metrics::RunFiles files(settings.data, run_id, settings.output.metrics_write, settings.listed);
    report::RunConsole console(settings.output);
    std::stop_source ending;
    const std::stop_callback on_signal(stop, [&] { ending.request_stop(); });

    const burst::RunSetup setup{run_id,
                                devices,
                                settings.mqtt,
                                settings.burst,
                                settings.data,
                                settings.output,
                                settings.verification.stored};
    const auto connect = [&](auto share) {
      return mqtt::make_connections(settings.mqtt, server, share, clock);
    };
    verification::Observer observer(
        {devices, settings.verification.probe_devices, settings.verification.stored, folder,
         settings.thingsboard, settings.verification.prometheus_url},
        clock);
    const auto tell = [&](auto& snapshot, const auto& news, auto now) {
      observer.fill(snapshot);
      snapshot.thresholds = thresholds.judge(snapshot);
      if (settings.thresholds.abort_on_crossed && thresholds.may_end_the_run(snapshot)) {
        ending.request_stop();
      }
      files.publish(snapshot, news, now);
      console.publish(snapshot, now);
    };
    auto result = burst::conduct(setup, connect, clock, ending.get_token(), tell);
    control::remove_stop_flag(settings.data);
    observer.stop();
    if (settings.verification.stored) {
      result.storage.state = metrics::Storage::State::running;
      files.amend(result);
      // A stop that ended the run does not end the counting; one that comes meanwhile does.
      verification::verify_own_run(result, folder, session, settings.verification.timeout, clock,
                                   stop.stop_requested() ? std::stop_token() : stop);
      result.thresholds = thresholds.judge(result);
      files.amend(result);
    }
    console.finish(result);
    return report::exit_code(result, files.intact());
  });
}
