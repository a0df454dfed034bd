#pragma once

#include "support/certificates.hpp"
#include "support/mqtt_packet.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_ctx_st;

namespace stresskit::test {

/// A small MQTT server that does to its clients what the test's script says, and writes down every
/// packet. For what a real broker never does.
///
/// The script is run once a connection, on a thread of its own, and speaks through a Session; when
/// it returns, the connection is closed. The destructor cuts every connection, so a script that
/// waits in `receive`, `send` or `hold` ends.
class ScriptedMqttServer {
 public:
  class Session {
   public:
    virtual ~Session() = default;

    /// Which connection this is, counted from 0 in the order of acceptance.
    [[nodiscard]] virtual std::size_t index() const = 0;
    /// Protocol level of the CONNECT received: 4 or 5.
    [[nodiscard]] virtual std::uint8_t level() const = 0;
    /// The host name the client asked for in its TLS hello (SNI); empty without.
    [[nodiscard]] virtual std::string server_name() const = 0;
    /// Whether the client resumed an earlier TLS session.
    [[nodiscard]] virtual bool resumed() const = 0;

    /// The next packet; nothing when the client has closed or the server is stopping.
    virtual std::optional<Packet> receive() = 0;
    virtual void send(std::string_view bytes) = 0;

    /// CONNACK in the version of the CONNECT received before. `properties`: MQTT 5 only.
    void connack(std::uint8_t code, std::string_view properties = {});
    void puback(std::uint16_t id) { send(make_packet(PacketType::puback, big_endian(id))); }
    /// PUBACK of MQTT 5 with a reason code.
    void puback(std::uint16_t id, std::uint8_t reason);
    /// DISCONNECT of MQTT 5.
    void disconnect(std::uint8_t reason);
    void publish(std::string_view topic, std::string_view payload, std::uint16_t id);

    /// Changes the keys of TLS 1.3 and asks the client to do the same.
    virtual void renew_keys() = 0;

    /// Neither reads nor writes until the server is stopped.
    virtual void hold() = 0;
    /// Ends the connection with a reset when the script returns.
    virtual void reset_at_end() = 0;
  };
  using Script = std::function<void(Session&)>;

  struct Options {
    std::optional<ServerCertificate> tls = {};
    bool only_tls_1_2 = false;
    int receive_buffer = 0;  ///< bytes, for a server that stops reading; 0: the system's
  };

  explicit ScriptedMqttServer(Script script) : ScriptedMqttServer(std::move(script), Options{}) {}
  ScriptedMqttServer(Script script, const Options& options);
  ~ScriptedMqttServer();
  ScriptedMqttServer(const ScriptedMqttServer&) = delete;
  ScriptedMqttServer& operator=(const ScriptedMqttServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Every packet so far.
  [[nodiscard]] std::vector<Packet> packets() const;
  /// Those of one type.
  [[nodiscard]] std::vector<Packet> packets(PacketType type) const;

  /// Waits until `count` packets of the type have come. Returns whether they have.
  [[nodiscard]] bool wait_for(PacketType type, std::size_t count,
                              std::chrono::seconds patience = std::chrono::seconds(20));
  /// Waits until `count` scripts have run to their end.
  [[nodiscard]] bool wait_for_ended(std::size_t count,
                                    std::chrono::seconds patience = std::chrono::seconds(20));

  // Scripts that many tests use.

  /// A server that works: accepts, acknowledges, answers pings.
  static void serve(Session& session);
  /// Answers CONNECT with this code, then closes.
  static Script refuse(std::uint8_t code);

 private:
  class Connection;

  void accept_all();
  void record(Packet packet);
  void run(Connection& connection);

  Script script_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // guarded by mutex_
  bool stopping_ = false;
  std::vector<Packet> packets_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t ended_ = 0;

  std::vector<std::jthread> threads_;  // of the connections; belongs to acceptor_ until it ended
  std::jthread acceptor_;
};

}  // namespace stresskit::test
