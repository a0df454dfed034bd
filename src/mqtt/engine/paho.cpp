#include "mqtt/engine/paho.hpp"

#include "mqtt/client_id.hpp"
#include "mqtt/engine/paho_client.hpp"
#include "mqtt/engine/paho_mailbox.hpp"

#include "stresskit/mqtt/classifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <deque>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::mqtt {
namespace {

using fleet::Failure;
using fleet::Stage;
using What = PahoRecord::What;

// How many records one `poll` hands on: well under a millisecond of work for the callee.
constexpr std::size_t portion = 256;

enum class State { closed, connecting, connected };

struct Connection {
  std::string client_id;
  std::string payload;                 // what `prepare` made ready; its memory is reused
  std::unique_ptr<PahoClient> client;  // none when closed
  State state = State::closed;
  std::uint32_t attempt = 0;
  MessageId last_id = 0;
  Mono::time_point opened;
};

struct Deadline {
  Slot slot;
  std::uint32_t attempt;
  Mono::time_point at;
};

class PahoConnections final : public Connections {
 public:
  PahoConnections(const config::Mqtt& settings, std::span<const fleet::Device> devices,
                  support::Clock& clock);

  void open(Slot slot) override;
  bool prepare(Slot slot, std::string_view payload) override;
  support::Result<MessageId, Failure> publish(Slot slot) override;
  void poll(Mono::time_point until, Events& events) override;
  void close(Slot slot) override;
  void shutdown(Mono::time_point deadline) override;
  std::optional<MessageId> unfinished(Slot /*slot*/) const override {
    return std::nullopt;  // the library takes a message whole
  }
  [[nodiscard]] std::uint32_t retransmits(Slot) const override { return 0; }
  [[nodiscard]] std::string_view write_time() const override { return "queued"; }

 private:
  void deliver(const PahoRecord& record, Events& events);
  void expire_attempts(Events& events);
  [[nodiscard]] Mono::time_point first_deadline();
  [[nodiscard]] std::size_t ask_all_to_disconnect();
  void await_disconnects(std::size_t count, Mono::time_point deadline);
  static void end(Connection& connection);

  const config::Mqtt settings_;
  const std::span<const fleet::Device> devices_;
  support::Clock& clock_;
  const ::mqtt::string_ref topic_{std::string(telemetry_topic)};
  PahoMailbox mailbox_;

  // Paho stops its threads with its last client, which takes a second; this one, never connected,
  // keeps them while the others come and go.
  PahoClient anchor_;
  std::vector<Connection> connections_;
  std::deque<Deadline> deadlines_;  // in order of time: every attempt has the same time-out
  std::vector<PahoRecord> records_;
  std::size_t delivered_ = 0;  // of records_
};

PahoConnections::PahoConnections(const config::Mqtt& settings,
                                 std::span<const fleet::Device> devices, support::Clock& clock)
    : settings_(settings),
      devices_(devices),
      clock_(clock),
      anchor_(settings_, "sim-anchor", {0, 0}, mailbox_, clock),
      connections_(devices.size()) {
  std::mt19937_64 random(std::random_device{}());
  for (std::size_t i = 0; i < devices.size(); ++i) {
    connections_[i].client_id = make_client_id(devices[i].name, random);
  }
}

void PahoConnections::open(Slot slot) {
  Connection& connection = connections_[slot];
  assert(connection.state == State::closed);
  connection.state = State::connecting;
  connection.opened = clock_.now();
  ++connection.attempt;
  deadlines_.push_back({slot, connection.attempt, connection.opened + settings_.connect_timeout});
  const PahoClient::Name name{slot, connection.attempt};
  try {
    connection.client =
        std::make_unique<PahoClient>(settings_, connection.client_id, name, mailbox_, clock_);
    connection.client->connect(devices_[slot]);
  } catch (const ::mqtt::exception& error) {
    const int code = error.get_return_code();
    mailbox_.push({What::refused, slot, connection.attempt, 0, connection.opened,
                   Failure{Stage::startup, classify(Stage::startup, Source::paho, code),
                           describe(Source::paho, code)}});
  }
}

bool PahoConnections::prepare(Slot slot, std::string_view payload) {
  connections_[slot].payload = payload;
  return true;
}

support::Result<MessageId, Failure> PahoConnections::publish(Slot slot) {
  Connection& connection = connections_[slot];
  assert(connection.state == State::connected);
  const MessageId id = ++connection.last_id;
  auto handed_over = connection.client->publish(topic_, connection.payload, id);
  if (!handed_over) {
    return support::failure(std::move(handed_over).error());
  }
  return id;
}

void PahoConnections::poll(Mono::time_point until, Events& events) {
  if (delivered_ == records_.size()) {
    records_.clear();
    delivered_ = 0;
    mailbox_.take(records_, std::min(until, first_deadline()));
  }
  const std::size_t end = std::min(records_.size(), delivered_ + portion);
  while (delivered_ < end) {
    deliver(records_[delivered_++], events);
  }
  expire_attempts(events);
}

void PahoConnections::deliver(const PahoRecord& record, Events& events) {
  Connection& connection = connections_[record.slot];
  if (record.attempt != connection.attempt || connection.state == State::closed) {
    return;
  }
  switch (record.what) {
    case What::connected: {
      connection.state = State::connected;
      Accepted accepted;
      accepted.times.total = record.at - connection.opened;
      events.connected(record.slot, accepted, record.at);
      break;
    }
    case What::refused:
      end(connection);
      events.refused(record.slot, record.failure, record.at);
      break;
    case What::acknowledged:
      events.acknowledged(record.slot, record.id, record.at);
      break;
    case What::lost:
      end(connection);
      events.lost(record.slot, record.failure, std::nullopt, record.at);
      break;
    case What::disconnected:
      break;
  }
}

Mono::time_point PahoConnections::first_deadline() {
  const auto over = [this](const Deadline& deadline) {
    const Connection& connection = connections_[deadline.slot];
    return connection.attempt != deadline.attempt || connection.state != State::connecting;
  };
  while (!deadlines_.empty() && over(deadlines_.front())) {
    deadlines_.pop_front();
  }
  return deadlines_.empty() ? Mono::time_point::max() : deadlines_.front().at;
}

void PahoConnections::expire_attempts(Events& events) {
  const Mono::time_point now = clock_.now();
  for (std::size_t i = 0; i < portion && first_deadline() <= now; ++i) {
    const Slot slot = deadlines_.front().slot;
    deadlines_.pop_front();
    end(connections_[slot]);
    const double limit = std::chrono::duration<double>(settings_.connect_timeout).count();
    events.refused(slot,
                   {Stage::connect, classify(Stage::connect, Source::timed_out, 0),
                    fmt::format("not accepted within {:g} s", limit)},
                   now);
  }
}

void PahoConnections::close(Slot slot) {
  end(connections_[slot]);
}

void PahoConnections::shutdown(Mono::time_point deadline) {
  await_disconnects(ask_all_to_disconnect(), deadline);
  for (Connection& connection : connections_) {
    end(connection);
  }
  deadlines_.clear();
}

std::size_t PahoConnections::ask_all_to_disconnect() {
  std::size_t asked = 0;
  for (Connection& connection : connections_) {
    if (connection.state == State::connected && connection.client->disconnect()) {
      ++asked;
    }
  }
  return asked;
}

void PahoConnections::await_disconnects(std::size_t count, Mono::time_point deadline) {
  delivered_ = 0;
  while (count > 0 && Mono::now() < deadline) {
    records_.clear();
    mailbox_.take(records_, deadline);
    // A connection that is lost meanwhile will not answer any more.
    const auto gone = std::ranges::count_if(records_, [](const PahoRecord& record) {
      return record.what == What::disconnected || record.what == What::lost;
    });
    count -= std::min(count, static_cast<std::size_t>(gone));
  }
  records_.clear();
}

void PahoConnections::end(Connection& connection) {
  connection.client.reset();  // DISCONNECT if connected, then closed; nothing more comes from it
  connection.state = State::closed;
}

}  // namespace

std::unique_ptr<Connections> make_paho(const config::Mqtt& settings,
                                       std::span<const fleet::Device> devices,
                                       support::Clock& clock) {
  return std::make_unique<PahoConnections>(settings, devices, clock);
}

}  // namespace stresskit::mqtt
