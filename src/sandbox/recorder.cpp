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
  ++devices_[device].messages;
  ++totals_.messages;
}

std::size_t Recorder::telemetry(const std::string& device, const Receipt& receipt) {
  const std::scoped_lock lock(mutex_);
  Heard& heard = devices_[device];
  ++heard.messages;
  ++totals_.messages;
  heard.receipts.push_back(receipt);
  return heard.receipts.size() - 1;
}

void Recorder::stored(const std::string& device, std::size_t receipt) {
  const std::scoped_lock lock(mutex_);
  ++totals_.stored;
  const auto heard = devices_.find(device);
  if (heard == devices_.end() || receipt >= heard->second.receipts.size()) return;  // forgotten
  heard->second.receipts[receipt].stored = true;
}

void Recorder::forget(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  devices_.erase(device);
}

Recorder::Totals Recorder::totals() const {
  const std::scoped_lock lock(mutex_);
  Totals totals = totals_;
  totals.sessions = sessions_.size();
  return totals;
}

std::unordered_map<std::string, std::uint64_t> Recorder::messages() const {
  const std::scoped_lock lock(mutex_);
  std::unordered_map<std::string, std::uint64_t> counts;
  for (const auto& [device, heard] : devices_) counts.emplace(device, heard.messages);
  return counts;
}

std::vector<Receipt> Recorder::receipts(const std::string& device) const {
  const std::scoped_lock lock(mutex_);
  const auto heard = devices_.find(device);
  return heard == devices_.end() ? std::vector<Receipt>() : heard->second.receipts;
}

}  // namespace stresskit::sandbox
