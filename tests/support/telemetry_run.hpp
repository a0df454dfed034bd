#pragma once

#include "support/temp_dir.hpp"

#include "stresskit/burst/run.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace stresskit::test {

/// A telemetry run on a thread of its own, with settings a test may change before `start`. Every
/// snapshot is checked for the identities; the test waits for one that it likes.
class TelemetryRun {
 public:
  TelemetryRun();

  config::Mqtt mqtt;
  config::Burst burst;
  config::Output output;
  std::vector<fleet::Device> devices;
  support::Clock* clock = &support::real_clock();
  /// What is put between the run and its connections; nothing unless the test says so.
  std::function<std::unique_ptr<mqtt::Connections>(std::unique_ptr<mqtt::Connections>)> wrap =
      [](auto connections) { return connections; };

  [[nodiscard]] config::Data data() const { return config::Data{dir_.path()}; }

  /// `count` devices named prefix-001... with tokens "token-001"...
  void add_devices(std::size_t count, const std::string& prefix = "sim");

  void start();
  void request_stop() { stop_.request_stop(); }

  /// The first snapshot, from now on, that satisfies `wanted`; nothing when none came within 30 s.
  [[nodiscard]] std::optional<metrics::Snapshot> wait_for(
      const std::function<bool(const metrics::Snapshot&)>& wanted);

  /// Waits for the end of the run and returns its last snapshot.
  [[nodiscard]] metrics::Snapshot finish();

  /// Everything that happened to devices so far, as it goes into the archive.
  [[nodiscard]] std::vector<metrics::Event> events();

  /// What was wrong with a snapshot, if anything ever was.
  [[nodiscard]] std::string broken_identity();

 private:
  void take(const metrics::Snapshot& snapshot, const metrics::News& news);

  TempDir dir_;
  std::stop_source stop_;
  std::mutex mutex_;
  // guarded by mutex_
  std::condition_variable changed_;
  metrics::Snapshot latest_;
  std::vector<metrics::Event> events_;
  std::uint64_t taken_ = 0;
  bool ended_ = false;
  std::string broken_;
  // last: it ends before what it uses
  std::jthread thread_;
};

/// What is wrong with a snapshot's sums, in words; empty when everything adds up.
[[nodiscard]] std::string identity_trouble(const metrics::Snapshot& snapshot);

}  // namespace stresskit::test
