#pragma once

#include "sandbox/values.hpp"

#include "stresskit/support/clock.hpp"
#include "stresskit/support/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::sandbox {

/// How the store treats what was acknowledged: the switch `storage` of docs/sandbox.md. By default
/// it stores everything at once.
struct StorageBehaviour {
  std::uint64_t drop_every = 0;        ///< every n-th message is thrown away; 0: none
  std::chrono::milliseconds delay{0};  ///< from acceptance to the store
  double rate = 0;                     ///< messages stored a second; 0: as fast as they come
  bool durable = false;  ///< what waits survives the end of the transport, as Kafka's does; the
                         ///< in-memory queue of a plain install loses it
  bool waits_in_database = false;    ///< where the Prometheus endpoint shows what waits
  std::chrono::milliseconds ttl{0};  ///< rows older than that are forgotten; 0: never
};

/// Reads the switch's object, whose members are `drop_every`, `delay_ms`, `rate`, `durable`,
/// `waits_in_database` and `ttl_s`, or says what is wrong with it. What it leaves out has its
/// default.
[[nodiscard]] support::Result<StorageBehaviour> parse_storage_behaviour(const nlohmann::json& json);

/// A telemetry message between its acknowledgement and the store.
struct AcceptedMessage {
  std::string device;
  std::vector<Reading> readings;
  std::size_t receipt = 0;  ///< its number in the recorder's list of the device
  support::Mono::time_point accepted;
};

/// The messages that wait for the store, in the order of their arrival, and when each is due.
///
/// Threads: one.
class StorageBacklog {
 public:
  using Time = support::Mono::time_point;

  /// Also for what waits already; the count to the next dropped message starts again.
  void configure(const StorageBehaviour& behaviour, Time now);

  /// False: this is one to be thrown away.
  [[nodiscard]] bool add(AcceptedMessage message);

  /// The next message that is due.
  [[nodiscard]] std::optional<AcceptedMessage> take(Time now);
  /// When `take` has something to give; nothing waits: none.
  [[nodiscard]] std::optional<Time> next_due() const;

  /// The end of the server: what waits is lost, unless the queue is durable.
  void server_ended();

  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  /// Of all messages that wait.
  [[nodiscard]] std::size_t rows() const;

 private:
  StorageBehaviour behaviour_;
  std::uint64_t since_drop_ = 0;
  Time next_slot_{};  ///< at a rate: not before
  std::deque<AcceptedMessage> waiting_;
};

}  // namespace stresskit::sandbox
