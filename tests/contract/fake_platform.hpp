#pragma once

#include "sandbox/frames.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace stresskit::contract {

/// The real MQTT transport in a process of its own, on a free port, with the smallest platform that
/// can stand at the other end of its link: it lets everybody in, and keeps what it is told.
///
/// Threads: the methods are for one thread, the link has its own.
class FakePlatform {
 public:
  struct Telemetry {
    std::string device;
    std::string payload;
  };

  FakePlatform();
  ~FakePlatform();
  FakePlatform(const FakePlatform&) = delete;
  FakePlatform& operator=(const FakePlatform&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Stops and starts reading what the transport says.
  void pause_reading();
  void resume_reading();

  [[nodiscard]] std::vector<Telemetry> telemetry() const;
  /// Waits until so much telemetry is here; false after `patience`.
  [[nodiscard]] bool wait_for_telemetry(std::size_t count) const;

  /// Ends the transport by SIGTERM and returns its wait status.
  int terminate();

 private:
  void run(const std::stop_token& stop);
  void on_frame(sandbox::FrameBody frame);
  void let_in(sandbox::FrameBody frame) const;

  std::uint16_t port_ = 0;
  int link_ = -1;
  pid_t transport_ = -1;

  mutable std::mutex mutex_;  // guards the block below
  mutable std::condition_variable changed_;
  std::vector<Telemetry> telemetry_;
  bool paused_ = false;

  std::jthread reader_;
};

}  // namespace stresskit::contract
