#pragma once

#include "sandbox/frames.hpp"
#include "sandbox/platform.hpp"

#include "stresskit/support/result.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>

namespace stresskit::sandbox {

/// Keeps the MQTT transport: a child process with a link to the platform. It can be stopped,
/// killed, frozen and started again on the same port, and always ends with this object.
///
/// One thread of its own starts the child and serves the link: the kernel ends the child when the
/// thread that started it ends (PR_SET_PDEATHSIG), however that comes about.
///
/// Threads: every method may be called from any thread.
class TransportHost {
 public:
  enum class State { running, frozen, stopped };

  struct Options {
    std::string program;  ///< run as `<program> --transport <link> <listening socket>`
    std::string host;
    std::uint16_t port = 0;  ///< 0: a free one
  };

  /// Binds the port and starts the child. Throws support::Error(usage) when the port is taken.
  TransportHost(Platform& platform, Options options);
  ~TransportHost();

  TransportHost(const TransportHost&) = delete;
  TransportHost& operator=(const TransportHost&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] State state() const;
  [[nodiscard]] pid_t pid() const;

  /// Starts a new child; the error says why it could not (port taken meanwhile, running already).
  [[nodiscard]] support::Result<void> start();
  /// SIGTERM or SIGKILL, and waits until the port refuses.
  void stop(int signal);
  void freeze();
  void thaw();

  /// Faults and limits for the child, as JSON; kept for the next child as well.
  void set_limits(const std::string& json);
  [[nodiscard]] std::string limits() const;
  void evict(const std::string& device, std::uint8_t reason);

  /// Waits until a running child has acted on everything sent to it, and everything it had sent by
  /// then has reached the platform: whatever a device saw acknowledged is counted.
  void settle();

 private:
  [[nodiscard]] support::Result<void> wait_for_spawn();
  void end_thread();

  // On the host thread:
  void run(std::stop_token stop);
  void spawn(int listener);
  /// False when the child is gone.
  bool serve_link();
  bool read_link();
  void write_link();
  void dispatch(FrameBody frame);
  void answer_connect(FrameBody& frame);
  void reap();
  /// Tells the child when the monthly quota is used up, and when it no longer is.
  void follow_quota();
  [[nodiscard]] std::string limits_frame() const;

  // On any thread:
  void send(const std::string& frame);
  void wake() const;

  Platform& platform_;
  Options options_;
  std::uint16_t port_ = 0;
  int reserved_ = -1;  ///< bound and not listening: keeps the port ours while no child has it
  int wake_fd_ = -1;

  // The host thread's own.
  int link_ = -1;
  FrameSplitter splitter_;
  std::string unsent_;
  bool quota_reached_ = false;  ///< as the child was told

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // guarded by mutex_
  State state_ = State::stopped;
  pid_t pid_ = -1;
  int pending_listener_ = -1;  ///< to be handed to the next child
  std::string spawn_error_;    ///< of the last start; empty when it went well
  std::string outbox_;
  std::string limits_ = "{}";
  std::uint64_t syncs_asked_ = 0;
  std::uint64_t syncs_done_ = 0;

  std::jthread thread_;  // last: it uses everything above
};

}  // namespace stresskit::sandbox
