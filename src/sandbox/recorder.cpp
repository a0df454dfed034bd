#include "sandbox/recorder.hpp"

namespace stresskit::sandbox {

void Recorder::opened(std::uint64_t session, std::string_view device) {
  const std::scoped_lock lock(mutex_);
  sessions_[session] = device;
  ++totals_.sessions_opened;
}

void Recorder::closed(std::uint64_t session) {
  const std::scoped_lock lock(mutex_);
  sessions_.erase(session);
}

void Recorder::all_closed() {
  const std::scoped_lock lock(mutex_);
  sessions_.clear();
}

void Recorder::message(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  ++messages_[device];
  ++totals_.messages;
}

void Recorder::forget(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  messages_.erase(device);
}

Recorder::Totals Recorder::totals() const {
  const std::scoped_lock lock(mutex_);
  Totals totals = totals_;
  totals.sessions = sessions_.size();
  return totals;
}

std::unordered_map<std::string, std::uint64_t> Recorder::messages() const {
  const std::scoped_lock lock(mutex_);
  return messages_;
}

}  // namespace stresskit::sandbox
