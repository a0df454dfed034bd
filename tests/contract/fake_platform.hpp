#pragma once

#include "sandbox/frames.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace stresskit::contract {

/// The real MQTT transport in a process of its own, on a free port, with the smallest platform that
/// can stand at the other end of its link: it decides on credentials as ThingsBoard does, and keeps
/// what it is told.
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
  [[nodiscard]] pid_t transport() const { return transport_; }

  /// No credentials of that user name exist (any longer); by default every user name is a token.
  void remove_token(const std::string& user_name);
  void add_token(const std::string& user_name);
  /// Ends the session of the device that the token belongs to, as deleting it does.
  void evict(const std::string& user_name);

  /// Sends the document of limits and faults, and returns when the transport has taken it.
  void set_limits(const std::string& json);

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
  void answer(sandbox::FrameBody frame);
  void write(const std::string& frame);

  std::uint16_t port_ = 0;
  int link_ = -1;
  pid_t transport_ = -1;

  mutable std::mutex mutex_;  // guards the block below
  mutable std::condition_variable changed_;
  std::set<std::string> removed_;
  std::vector<Telemetry> telemetry_;
  bool paused_ = false;

  std::jthread reader_;
};

}  // namespace stresskit::contract
