#include "sandbox/storage.hpp"

#include <algorithm>
#include <utility>

namespace stresskit::sandbox {

using support::Mono;

namespace {

/// How often a point counts in the usage: once for each whole day it is kept, and at least once.
std::size_t days(std::chrono::milliseconds ttl) {
  return static_cast<std::size_t>(std::max<std::int64_t>(1, ttl / std::chrono::hours(24)));
}

}  // namespace

Storage::Storage(const DeviceRegistry& devices, TelemetryStore& store, Recorder& recorder,
                 ServerFigures& figures)
    : devices_(devices),
      store_(store),
      recorder_(recorder),
      figures_(figures),
      thread_([this](std::stop_token stop) { run(stop); }) {}

void Storage::configure(const StorageBehaviour& behaviour) {
  {
    const std::scoped_lock lock(mutex_);
    backlog_.configure(behaviour, Mono::now());
    store_.set_ttl(behaviour.ttl);
    ttl_ = behaviour.ttl;
    waits_in_database_ = behaviour.waits_in_database;
    ++configured_;
    store_due();
  }
  changed_.notify_one();
}

void Storage::accept(AcceptedMessage message) {
  bool is_first = false;
  {
    const std::scoped_lock lock(mutex_);
    is_first = backlog_.size() == 0;
    message.accepted = Mono::now();
    if (!backlog_.add(std::move(message))) {
      figures_.failed();
      return;
    }
    store_due();
    is_first = is_first && backlog_.size() > 0;
  }
  // Behind the first nothing is due earlier.
  if (is_first) changed_.notify_one();
}

void Storage::server_ended() {
  const std::scoped_lock lock(mutex_);
  backlog_.server_ended();
}

std::chrono::milliseconds Storage::ttl() const {
  const std::scoped_lock lock(mutex_);
  return ttl_;
}

std::size_t Storage::backlog() const {
  const std::scoped_lock lock(mutex_);
  return backlog_.size();
}

std::size_t Storage::waiting_rows() const {
  const std::scoped_lock lock(mutex_);
  return backlog_.rows();
}

bool Storage::waits_in_database() const {
  const std::scoped_lock lock(mutex_);
  return waits_in_database_;
}

void Storage::store_due() {
  while (auto message = backlog_.take(Mono::now())) {
    if (!devices_.contains(message->device)) continue;  // deleted meanwhile
    const std::size_t points = message->readings.size();
    store_.save(message->device, std::move(message->readings));
    recorder_.stored(message->device, message->receipt);
    figures_.stored(points, days(ttl_), Mono::now() - message->accepted);
  }
}

void Storage::run(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    store_due();
    const auto due = backlog_.next_due();
    if (!due) {
      changed_.wait(lock, stop, [this] { return backlog_.size() > 0; });
    } else {
      changed_.wait_until(lock, stop, *due,
                          [this, seen = configured_] { return configured_ != seen; });
    }
  }
}

}  // namespace stresskit::sandbox
