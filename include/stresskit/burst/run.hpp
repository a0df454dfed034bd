#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"

namespace stresskit::burst {

/// What a run needs to know.
struct RunSetup {
  std::string run_id;
  std::span<const fleet::Device> devices;  ///< at least one
  const config::Mqtt& mqtt;
  const config::Burst& burst;
  const config::Data& data;        ///< where the stop flag is looked for
  const config::Output& output;    ///< how often snapshots are wanted
};

/// Gets every snapshot of the run: as often as METRICS_WRITE_SEC and CONSOLE_SEC want and at least
/// every second, at once when status or phase change, and the last one with status `stopped`. Called on the thread that called `conduct`.
using Publish = std::function<void(const metrics::Snapshot&, support::Mono::time_point now)>;

/// Runs the whole telemetry run on the calling thread and the workers' and returns its last
/// snapshot: connect, burst after burst, drain, disconnect.
///
/// It ends when its bursts are done, when `stop` or the stop flag asks (looked for every 50 ms, in
/// every phase), or when at *ready* nobody is connected (then nothing was planned).
///
/// Throws support::Error(unreachable) when the host name cannot be resolved, (usage) when the
/// engine cannot do what is asked.
[[nodiscard]] metrics::Snapshot conduct(const RunSetup& setup, support::Clock& clock,
                                        std::stop_token stop, const Publish& publish);

}  // namespace stresskit::burst
