#pragma once

#include "sink/arrivals.hpp"
#include "sink/server_tls.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What the sink does besides answering at once.
struct SinkOptions {
  std::string certificate_file;   ///< not empty: TLS, the certificate goes there
  Nanoseconds answer_delay = 0;   ///< every PUBACK leaves that much later
  Nanoseconds freeze_after = 0;   ///< since the first PUBLISH: stop reading ...
  Nanoseconds freeze_length = 0;  ///< ... for so long; 0: never
};

/// A neutral end of the line: takes CONNECT, PUBLISH (QoS 0 and 1), PINGREQ and DISCONNECT of MQTT
/// 3.1.1 and 5, answers, and notes when each PUBLISH was read. No session, no topic, no check: what
/// it costs is the kernel's work. One thread, one epoll set.
///
/// The time of an arrival is the kernel's: when the packet came to the socket, not when this
/// process got round to reading it. So a busy machine does not make a burst look wider, or, read in
/// one go, tighter than it was.
///
/// Written from the specification and sharing nothing with the kit, so that it can testify.
class SinkServer {
 public:
  /// Listens on 127.0.0.1, a free port. Throws std::runtime_error.
  explicit SinkServer(const SinkOptions& options);
  ~SinkServer();
  SinkServer(const SinkServer&) = delete;
  SinkServer& operator=(const SinkServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Serves until SIGINT or SIGTERM arrive.
  void run();

  [[nodiscard]] const Arrivals& arrivals() const { return arrivals_; }

 private:
  struct Connection {
    std::uint64_t serial = 0;  ///< tells apart what used the same descriptor; 0: closed
    Ssl tls;                   ///< between two memory BIOs: it never touches the socket
    std::uint32_t publishes = 0;
    std::uint8_t level = 4;  ///< of the protocol: 4 is MQTT 3.1.1
    std::string partial;     ///< a packet that has come in part
    std::string unsent;      ///< answers the socket did not take
  };
  struct Input {
    bool ended = false;
    Nanoseconds arrived = 0;
    std::string_view bytes;  ///< in buffer_; empty: nothing just now
  };
  struct Answer {
    Nanoseconds due = 0;
    int socket = -1;
    std::uint64_t serial = 0;
    std::string bytes;
  };

  void listen();
  void catch_signals();
  void watch(int socket, std::uint32_t events, int operation) const;
  void accept_some();
  void freeze_if_due();
  [[nodiscard]] int wait_milliseconds() const;
  void send_due_answers();
  void on_ready(int socket, std::uint32_t events);
  void receive(int socket);
  [[nodiscard]] Input read(int socket);
  [[nodiscard]] bool decrypt(Connection& connection, std::string_view bytes, std::string& plain);
  [[nodiscard]] std::string answers(Connection& connection, std::string_view bytes,
                                    Nanoseconds arrived);
  void answer_packet(Connection& connection, std::string_view packet, std::size_t body,
                     Nanoseconds arrived, std::string& out);
  void answer(int socket, std::string_view bytes);
  void send(int socket, std::string_view bytes);
  void close(int socket);

  SinkOptions options_;
  SslContext tls_;
  int epoll_ = -1;
  int listener_ = -1;
  int signals_ = -1;
  std::uint16_t port_ = 0;
  std::uint64_t last_serial_ = 0;
  bool frozen_ = false;
  std::vector<Connection> connections_;  // by descriptor
  std::deque<Answer> delayed_;
  Arrivals arrivals_;
  Nanoseconds wall_offset_ = 0;  // from the wall clock to the monotonic one, just now
  std::array<char, 65'536> buffer_{};
};

}  // namespace bench
