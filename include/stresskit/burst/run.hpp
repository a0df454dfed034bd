#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/metrics/news.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/mqtt/connections.hpp"
#include "stresskit/support/clock.hpp"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

namespace stresskit::burst {

/// What a run needs to know.
struct RunSetup {
  std::string run_id;
  std::span<const fleet::Device> devices;  ///< at least one
  const config::Mqtt& mqtt;
  const config::Burst& burst;
  const config::Data& data;      ///< where the stop flag is looked for
  const config::Output& output;  ///< how often snapshots are wanted
  bool stamped = false;          ///< messages carry their due time and the number of their burst
};

/// Gets every snapshot of the run: as often as METRICS_WRITE_SEC and CONSOLE_SEC want and at least
/// every second, at once when status or phase change, and the last one with status `stopped`.
/// Called on the thread that called `conduct`. It may add to the snapshot what it judges itself
/// (thresholds).
using Publish =
    std::function<void(metrics::Snapshot&, const metrics::News&, support::Mono::time_point now)>;

/// Makes the connections of one worker, for its share of the devices.
using MakeConnections =
    std::function<std::unique_ptr<mqtt::Connections>(std::span<const fleet::Device>)>;

/// Runs the whole telemetry run on the calling thread and the workers' and returns its last
/// snapshot: connect, burst after burst, drain, disconnect.
///
/// It ends when its bursts are done, when `stop` or the stop flag asks (looked for every 100 ms, in
/// every phase), or when at *ready* nobody is connected (then nothing was planned).
///
/// Throws what `make` throws, before anything else has happened.
[[nodiscard]] metrics::Snapshot conduct(const RunSetup& setup, const MakeConnections& make,
                                        support::Clock& clock, std::stop_token stop,
                                        const Publish& publish);

}  // namespace stresskit::burst
