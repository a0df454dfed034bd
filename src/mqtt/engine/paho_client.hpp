#pragma once

#include "mqtt/engine/paho_mailbox.hpp"

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/result.hpp"

#include <mqtt/async_client.h>

#include <cstdint>
#include <string>

namespace stresskit::mqtt {

/// One attempt to connect a device and the connection it leads to, with a Paho client of its own:
/// a client that is used once has no message of an earlier connection to send again.
///
/// Destroying it sends DISCONNECT if connected and closes. After that nothing comes from it:
/// Paho calls back and destroys under one lock.
///
/// Threads: the owner makes every call. Paho's threads call the listener, which only writes into
/// the mailbox.
///
/// Known fault of the library, up to its newest version: a write that fails because the connection
/// was just reset frees its message twice (paho.mqtt.c #1621, #1622), which can end the program.
/// Nothing we could call prevents it; docs/faults.md says so.
class PahoClient : private ::mqtt::iaction_listener {
 public:
  /// Which connection the records are about.
  struct Name {
    Slot slot;
    std::uint32_t attempt;
  };

  /// Throws mqtt::exception when Paho takes no more clients.
  PahoClient(const config::Mqtt& settings, const std::string& client_id, Name name,
             PahoMailbox& mailbox, const support::Clock& clock);

  /// Ends in a record: connected or refused.
  void connect(const fleet::Device& device);

  /// Hands the message to Paho, which answers with the record acknowledged(id) at QoS 1.
  [[nodiscard]] support::Result<void, fleet::Failure> publish(const ::mqtt::string_ref& topic,
                                                              const std::string& payload,
                                                              MessageId id);

  /// Begins to disconnect; ends in the record disconnected. Returns whether there was anything to
  /// disconnect.
  [[nodiscard]] bool disconnect();

 private:
  void on_success(const ::mqtt::token& token) override;
  void on_failure(const ::mqtt::token& token) override;
  void on_lost(const std::string& cause);

  [[nodiscard]] fleet::Failure connect_failure(int code, const std::string& words) const;
  void tell(PahoRecord::What what, MessageId id, fleet::Failure failure = {});

  const config::Mqtt& settings_;
  const Name name_;
  PahoMailbox& mailbox_;
  const support::Clock& clock_;
  ::mqtt::async_client client_;  // last: it goes before what its callbacks use
};

/// How Paho is to connect with this access token.
[[nodiscard]] ::mqtt::connect_options paho_connect_options(const config::Mqtt& settings,
                                                           const std::string& token);

/// "tcp://host:port" or "ssl://host:port", with the brackets of an IPv6 address.
[[nodiscard]] std::string paho_uri(const config::Mqtt& settings);

}  // namespace stresskit::mqtt
