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
    Ssl tls;
    std::uint32_t publishes = 0;
    std::uint8_t level = 4;  ///< of the protocol: 4 is MQTT 3.1.1
    std::string partial;     ///< a packet that has come in part
    std::string unsent;      ///< answers the socket did not take
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
  [[nodiscard]] long read(int socket, char* to, std::size_t room);
  [[nodiscard]] std::string answers(Connection& connection, std::string_view bytes,
                                    Nanoseconds now);
  void answer_packet(Connection& connection, std::string_view packet, std::size_t body,
                     Nanoseconds now, std::string& out);
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
  std::array<char, 65'536> buffer_{};
};

}  // namespace bench
