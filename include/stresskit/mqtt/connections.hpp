#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/fleet/failure.hpp"
#include "stresskit/mqtt/addresses.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace stresskit::mqtt {

using support::Mono;

/// A device's position in the span the connections were made for.
using Slot = std::uint32_t;

/// Names a message from `publish` to its acknowledgement; unique among the open ones of a device.
using MessageId = std::uint32_t;

/// How long each stage of a connection took. A stage that does not exist (TLS on a plain
/// connection) or that the engine cannot see (engine `paho` sees only the whole) is zero.
struct ConnectTimes {
  Mono::duration tcp{};
  Mono::duration tls{};
  Mono::duration connack{};
  Mono::duration total{};
};

struct Accepted {
  ConnectTimes times;
  /// The most unacknowledged messages the server wants (MQTT 5 Receive Maximum); 65,535 when it
  /// said nothing.
  std::uint16_t receive_maximum = 65'535;
};

/// What happened inside `poll`, in the order it happened. `at` is when the engine noticed it.
/// The callee may call `open` and `publish` on the connections, but not `poll`, `close` or
/// `shutdown`.
class Events {
 public:
  virtual ~Events() = default;

  virtual void connected(Slot slot, const Accepted& accepted, Mono::time_point at) = 0;
  /// An attempt to connect ended without the server's acceptance. `open` may be called again.
  virtual void refused(Slot slot, const fleet::Failure& failure, Mono::time_point at) = 0;
  virtual void acknowledged(Slot slot, MessageId id, Mono::time_point at) = 0;
  /// The server answered this one message with a refusal (MQTT 5, PUBACK 0x80 and above).
  virtual void rejected(Slot slot, MessageId id, const fleet::Failure& failure,
                        Mono::time_point at) = 0;
  /// An accepted connection ended, and not because we closed it. Its open messages will never be
  /// acknowledged. `unfinished` is the message whose last byte was not handed to the kernel.
  virtual void lost(Slot slot, const fleet::Failure& failure, std::optional<MessageId> unfinished,
                    Mono::time_point at) = 0;
};

/// Many device connections behind one small passive interface. Nothing happens unless the owner
/// calls: an engine that needs threads of its own hides them behind `poll`.
///
/// Never reconnects and never resends by itself: a message lost with its connection stays lost.
/// Clean session, client id `sim-{name}-{6 random characters}`, user name = token, no password.
///
/// Threads: one thread owns the object and makes every call.
class Connections {
 public:
  virtual ~Connections() = default;

  /// Begins to connect `slot`. Ends in `connected` or `refused`, at the latest after the connect
  /// time-out. REQUIRES: the slot is neither open nor connecting.
  virtual void open(Slot slot) = 0;

  /// Makes the slot's next message ready, so that `publish` has only to send it. The payload is
  /// copied into memory that is reused. Replaces what was prepared and not yet published. False: a
  /// message that was sealed and not published stays the next one, this payload was not taken.
  virtual bool prepare(Slot slot, std::string_view payload) = 0;

  /// Whether `seal` has work to do, some microseconds a device.
  [[nodiscard]] virtual bool seals() const { return false; }

  /// The last touch before `publish`: encrypts what was prepared. From here on the connection sends
  /// nothing else before the message (what TLS has encrypted must leave in that order), so it is
  /// for messages that are about to be published, and late. No-op when there is nothing to encrypt
  /// or the connection cannot take the message; `publish` does without, too, and takes longer.
  virtual void seal(Slot /*slot*/) {}

  /// Sends what was prepared to `v1/devices/me/telemetry`. A failure means that nothing was handed
  /// over: bucket client-backpressure when the connection takes no more just now (the message is
  /// then to be counted as skipped), any other when sending failed (`lost` may follow in the next
  /// poll). REQUIRES: connected, and prepared since the last publish.
  [[nodiscard]] virtual support::Result<MessageId, fleet::Failure> publish(Slot slot) = 0;

  /// The slot's message whose last byte is not handed over yet, if there is one.
  [[nodiscard]] virtual std::optional<MessageId> unfinished(Slot slot) const = 0;

  /// Waits for what the network brings until `until` at the latest and reports it. Returns after
  /// the first portion of work, with `until` in the past after looking once without waiting. The
  /// work of one call is bounded, so a storm of connects cannot hold the caller past `until` for
  /// more than a few milliseconds.
  virtual void poll(Mono::time_point until, Events& events) = 0;

  /// Ends the slot's connection, or its attempt to connect, without an event: DISCONNECT if
  /// connected, then close. No-op when closed.
  virtual void close(Slot slot) = 0;

  /// Ends everything cleanly: DISCONNECT on every connection, flushed until `deadline` at the
  /// latest, then closed. No events.
  virtual void shutdown(Mono::time_point deadline) = 0;

  /// How many segments the slot's connection had to send again so far (TCP_INFO,
  /// tcpi_total_retrans); 0 where that is not known. REQUIRES: connected.
  [[nodiscard]] virtual std::uint32_t retransmits(Slot slot) const = 0;

  /// What the time of a write means here: "written" (handed to the kernel) or "queued" (accepted
  /// by a library).
  [[nodiscard]] virtual std::string_view write_time() const = 0;
};

/// The topic every device publishes its telemetry to
/// (https://thingsboard.io/docs/reference/mqtt-api/#telemetry-upload-api).
inline constexpr std::string_view telemetry_topic = "v1/devices/me/telemetry";

/// Makes the engine that `settings.engine` names for these devices, which must outlive it.
/// `server`: its addresses, from `resolve`; the engine paho looks the name up by itself, at each
/// connect. Throws support::Error(usage) for an engine that does not know the settings (paho and
/// MQTT 5) and for local addresses that cannot be used.
[[nodiscard]] std::unique_ptr<Connections> make_connections(const config::Mqtt& settings,
                                                            const std::vector<Address>& server,
                                                            std::span<const fleet::Device> devices,
                                                            support::Clock& clock);

}  // namespace stresskit::mqtt
