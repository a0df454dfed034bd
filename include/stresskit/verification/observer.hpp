#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/session.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

namespace stresskit::verification {

/// Looks at the server's side of a run while it goes on, on a thread of its own: every second at
/// the newest stored message of a few devices, every ten at the server's own figures, as far as the
/// account may see them. Appends what it sees to `freshness.csv` and `server.ndjson` of the run's
/// archive; a row that cannot be written is warned about, and costs nothing else.
///
/// Without the address and log-in of the REST interface it looks at the Prometheus endpoint only;
/// without that, too, it does nothing.
///
/// It never holds the run up: each request has a time-out, trouble only becomes a figure, and its
/// destructor ends a request in hand.
///
/// Threads: `fill` may be called by any while it works.
class Observer {
 public:
  struct Setup {
    /// Those of the run that take part in every burst: others would look as if what they sent were
    /// stored late.
    std::span<const fleet::Device> devices;
    std::uint32_t probes = 0;      ///< how many of them are asked, evenly over them
    bool stamped = false;          ///< messages carry their burst's number
    double interval_s = 1;         ///< of the bursts
    std::filesystem::path folder;  ///< of the archive, which exists
    config::ThingsBoard server;
    std::string prometheus_url;  ///< empty: none
  };

  /// Throws support::Error(usage) when the two files cannot be made.
  Observer(Setup setup, support::Clock& clock);
  ~Observer();

  /// Ends the looking at once; what was seen stays.
  void stop();

  /// Whether the last write of its files succeeded. REQUIRES: it was stopped.
  [[nodiscard]] bool intact() const;

  /// Adds what was seen to a snapshot of the run: freshness, store_drain_ms of its bursts, the
  /// server's figures, and what that changes in the verdict. From one that says that the run ends
  /// it learns that no more bursts come: then a probe is asked until its last message is stored.
  void fill(metrics::Snapshot& snapshot) const;

  /// Waits for the server's report about the end of the run `last`: its usage counters and queue
  /// statistics come up to 70 s late, and tell where messages were lost. Returns when they are
  /// there, when they do not come, or when a stop is requested.
  void await_report(const metrics::Snapshot& last, const std::stop_token& stop) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stresskit::verification
